import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RedialPlan } from './redial.ts'

const LIMITS = { redialMsMin: 100, redialMsMax: 1_000, dialDeferMs: 400, forgetMs: 10_000 }

test('the lower peer id dials at once, the higher one after it has left time for that', () => {
  const low = new RedialPlan('a', LIMITS)
  const high = new RedialPlan('b', LIMITS)
  low.add('b', '/low-to-high', true, 0)
  high.add('a', '/high-to-low', true, 0)
  assert.deepEqual(low.takeDue(0), [{ peerId: 'b', address: '/low-to-high' }])
  assert.deepEqual([high.takeDue(399), high.nextAtMs()], [[], 400])
  assert.equal(high.takeDue(400).length, 1)
})

test('a dial under way is not started twice, and a connected peer is not dialled', () => {
  const plan = new RedialPlan('a', LIMITS)
  plan.add('b', '/b', true, 0)
  assert.equal(plan.takeDue(0).length, 1)
  assert.deepEqual([plan.takeDue(50), plan.nextAtMs()], [[], undefined])
  plan.up('b')
  assert.deepEqual([plan.takeDue(60_000), plan.nextAtMs()], [[], undefined])
})

test('each failure doubles the pause, up to its limit, for as long as it takes', () => {
  const plan = new RedialPlan('a', LIMITS)
  plan.add('b', '/b', true, 0)
  const pauses: number[] = []
  let nowMs = 0
  for (let attempt = 0; attempt < 2_000; attempt += 1) {
    assert.equal(plan.takeDue(nowMs).length, 1)
    plan.failed('b', nowMs)
    const nextAtMs = plan.nextAtMs()
    assert.ok(nextAtMs !== undefined)
    pauses.push(nextAtMs - nowMs)
    nowMs = nextAtMs
  }
  assert.deepEqual(pauses.slice(0, 6), [100, 200, 400, 800, 1_000, 1_000])
  assert.equal(pauses.at(-1), 1_000)
})

test('a peer that was up is dialled from the first pause again', () => {
  const plan = new RedialPlan('a', LIMITS)
  plan.add('b', '/b', true, 0)
  plan.takeDue(0)
  plan.failed('b', 0)
  plan.takeDue(100)
  plan.up('b')
  plan.down('b', 5_000)
  assert.equal(plan.takeDue(5_000).length, 1)
  plan.failed('b', 5_000)
  assert.equal(plan.nextAtMs(), 5_100)
})

test('a lost peer that is no boot node is forgotten after its time; a boot node never is', () => {
  const plan = new RedialPlan('a', LIMITS)
  plan.add('guest', undefined, false, 0)
  plan.add('boot', '/boot', true, 0)
  for (const peerId of ['guest', 'boot']) {
    plan.up(peerId)
    plan.down(peerId, 1_000)
  }
  assert.deepEqual(
    plan.takeDue(11_001).map((due) => due.peerId),
    ['boot'],
  )
  assert.equal(plan.nextAtMs(), undefined)
})

test('a boot node keeps its address when it connects to us from another one', () => {
  const plan = new RedialPlan('a', LIMITS)
  plan.add('b', '/configured', true, 0)
  plan.add('b', undefined, false, 0)
  plan.add('b', '/ephemeral', false, 0)
  assert.deepEqual(plan.takeDue(0), [{ peerId: 'b', address: '/configured' }])
})

test('a paused peer is left alone until then, unless the operator hurries', () => {
  const plan = new RedialPlan('a', LIMITS)
  plan.add('b', '/b', true, 0)
  plan.takeDue(0)
  plan.pause('b', 9_000)
  plan.failed('b', 10)
  assert.equal(plan.nextAtMs(), 9_000)
  plan.hurry('b', 20)
  assert.equal(plan.takeDue(20).length, 1)
})

test('a host does not dial itself', () => {
  const plan = new RedialPlan('a', LIMITS)
  plan.add('a', '/a', true, 0)
  assert.deepEqual(plan.takeDue(1_000), [])
})
