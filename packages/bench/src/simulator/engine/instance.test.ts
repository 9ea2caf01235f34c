import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JournalRecord } from '@commonweal/protocol'
import type { Crash, InstancePlan } from '../plan/plan.ts'
import { Instance, SEEN_TTL_MS } from './instance.ts'

const PLAN: InstancePlan = {
  agent: 0,
  behaviour: 'honest',
  clockOffsetMs: 1_234,
  clockDriftPpm: 1_777,
}
const RECORDS: readonly JournalRecord[] = [1n, 2n, 3n, 4n].map((action) => {
  return { kind: 'action', subnet: 'commons', epoch: 1, action }
})

test('a clock that is ahead and fast shows each of its instants at one instant of the world', () => {
  const instance = new Instance(0, PLAN, [])
  for (const localMs of [0, 1_234, 5_000, 123_456]) {
    const worldMs = instance.worldMs(localMs)
    assert.ok(instance.localMs(worldMs) >= localMs)
    assert.ok(instance.localMs(worldMs - 1) < localMs)
  }
})

for (const [moment, written] of [
  ['before', 0],
  ['torn', 2],
  ['after', 4],
] as const) {
  test(`a crash ${moment} a persist leaves ${written} of its 4 records`, () => {
    const crash: Crash = { instance: 0, persist: 2, moment, downMs: 1 }
    const instance = new Instance(0, PLAN, [crash])
    assert.equal(instance.persist(RECORDS), null)
    assert.equal(instance.persist(RECORDS), crash)
    assert.equal(instance.disk.records.length, 4 + written)
    assert.equal(instance.persist(RECORDS), null)
  })
}

test('identical bytes are new to gossip again after 120 s, or after a restart', () => {
  const instance = new Instance(0, PLAN, [])
  assert.ok(instance.see('a', 10))
  assert.ok(!instance.see('a', 10 + SEEN_TTL_MS - 1))
  assert.ok(instance.see('a', 10 + SEEN_TTL_MS))
  instance.forget()
  assert.ok(instance.see('a', 11 + SEEN_TTL_MS))
})
