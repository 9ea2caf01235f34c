import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LinkHealth } from './watchdog.ts'
import { decideLinks } from './watchdog.ts'

const LIMITS = { badTicks: 2, graceMs: 1_000 }
const NEVER: ReadonlyMap<string, number> = new Map()

function link(change: Partial<LinkHealth> = {}): LinkHealth {
  return { peerId: 'a', ageMs: 5_000, inbound: true, outbound: true, ...change }
}

test('a link on which gossip flows both ways is left alone', () => {
  assert.deepEqual(decideLinks(NEVER, [link()], LIMITS), {
    badTicks: new Map(),
    repair: [],
    redial: [],
  })
})

test('a missing outbound stream is opened at the first bad tick; the second cuts the link', () => {
  const first = decideLinks(NEVER, [link({ outbound: false })], LIMITS)
  assert.deepEqual([first.repair, first.redial], [['a'], []])
  const second = decideLinks(first.badTicks, [link({ outbound: false })], LIMITS)
  assert.deepEqual([second.repair, second.redial], [[], ['a']])
  assert.equal(second.badTicks.size, 0)
})

test('a missing inbound stream can only be waited for, and then the link is cut', () => {
  const first = decideLinks(NEVER, [link({ inbound: false })], LIMITS)
  assert.deepEqual([first.repair, first.redial], [[], []])
  const second = decideLinks(first.badTicks, [link({ inbound: false })], LIMITS)
  assert.deepEqual(second.redial, ['a'])
})

test('a good tick between two bad ones starts the count again', () => {
  const bad = decideLinks(NEVER, [link({ inbound: false })], LIMITS)
  const good = decideLinks(bad.badTicks, [link()], LIMITS)
  const badAgain = decideLinks(good.badTicks, [link({ inbound: false })], LIMITS)
  assert.deepEqual(badAgain.redial, [])
})

test('a link is not judged before its grace is over, and is from then on', () => {
  const young = link({ inbound: false, outbound: false, ageMs: 999 })
  assert.equal(decideLinks(NEVER, [young], LIMITS).badTicks.size, 0)
  assert.equal(decideLinks(NEVER, [{ ...young, ageMs: 1_000 }], LIMITS).badTicks.size, 1)
})

test('a peer that left is forgotten', () => {
  const bad = decideLinks(NEVER, [link({ inbound: false })], LIMITS)
  assert.equal(decideLinks(bad.badTicks, [], LIMITS).badTicks.size, 0)
})
