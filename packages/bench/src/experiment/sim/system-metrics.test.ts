import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemMetrics } from './system-metrics.ts'

const REPORT = {
  events: [],
  heights: 4,
  virtualMs: 2000,
  transactionCount: 30,
  finalityMs: [],
  traffic: { messages: 90, bytes: 9000 },
  errorMicro: 0n,
}
const LINKS = { latencyMs: 20, jitterMs: 0, loss: 0, partitions: [], crashes: [] }

test('goodput is final transactions a second of virtual time', () => {
  assert.equal(systemMetrics(REPORT, LINKS)['goodput'], 15)
  assert.equal(systemMetrics({ ...REPORT, virtualMs: 0 }, LINKS)['goodput'], null)
})

test('where no contract formed, none cost anything that could be divided', () => {
  const metrics = systemMetrics(REPORT, LINKS)
  assert.equal(metrics['net.messagesPerContract'], null)
  assert.equal(metrics['net.bytesPerContract'], null)
})

test('what was sent is divided by the contracts that formed, and by nothing else that happened', () => {
  const kinds = ['phase', 'agreement-formed', 'agreement-ended', 'agreement-formed', 'run-ended']
  const events = kinds.map((kind) => ({ event: { kind } }))
  const metrics = systemMetrics({ ...REPORT, events }, LINKS)
  assert.equal(metrics['net.messagesPerContract'], 45)
  assert.equal(metrics['net.bytesPerContract'], 4500)
})
