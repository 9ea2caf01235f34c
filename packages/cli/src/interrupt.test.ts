import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onInterrupt } from './interrupt.ts'

test('signals close together are one Ctrl-C, a later one is the second', () => {
  const seen: number[] = []
  let nowMs = 0
  const stop = onInterrupt(
    (times) => seen.push(times),
    () => nowMs,
  )
  process.emit('SIGINT')
  nowMs = 299
  process.emit('SIGINT')
  assert.deepEqual(seen, [1])
  nowMs = 300
  process.emit('SIGTERM')
  assert.deepEqual(seen, [1, 2])
  stop()
  assert.equal(process.listenerCount('SIGINT'), 0)
})
