import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Reputation } from './reputation.ts'

const LIMITS = {
  banReputation: -100,
  banMs: 60_000,
  reputationHalfLifeMs: 10_000,
  reputationCountMax: 3,
}

test('a stranger has 0, and each fault takes its points', () => {
  const reputation = new Reputation(LIMITS)
  assert.equal(reputation.valueOf('a', 0), 0)
  reputation.penalise('a', 5, 0)
  reputation.penalise('a', 7, 0)
  assert.equal(reputation.valueOf('a', 0), -12)
})

test('a bad reputation halves every half-life', () => {
  const reputation = new Reputation(LIMITS)
  reputation.penalise('a', 80, 0)
  assert.equal(reputation.valueOf('a', 10_000), -40)
  assert.equal(reputation.valueOf('a', 20_000), -20)
})

test('at the limit the peer is banned, just above it is not; only the first time counts as the ban', () => {
  const reputation = new Reputation(LIMITS)
  assert.equal(reputation.penalise('a', 99.9, 0), false)
  assert.equal(reputation.isBanned('a', 0), false)
  assert.equal(reputation.penalise('a', 0.1, 0), true)
  assert.equal(reputation.isBanned('a', 0), true)
  assert.equal(reputation.penalise('a', 50, 0), false)
})

test('a ban lasts its time, whatever the reputation has become', () => {
  const reputation = new Reputation(LIMITS)
  reputation.ban('a', 0)
  assert.ok(reputation.valueOf('a', 59_999) > -2)
  assert.equal(reputation.isBanned('a', 59_999), true)
  assert.equal(reputation.isBanned('a', 60_000), false)
})

test('a small fault during a ban does not end it', () => {
  const reputation = new Reputation(LIMITS)
  reputation.ban('a', 0)
  reputation.penalise('a', 1, 40_000)
  assert.equal(reputation.isBanned('a', 59_999), true)
})

test('when there are too many to remember, the one nearest to a stranger goes and banned ones stay', () => {
  const reputation = new Reputation(LIMITS)
  reputation.ban('banned', 0)
  reputation.penalise('worse', 50, 50_000)
  reputation.penalise('better', 10, 50_000)
  reputation.penalise('new', 1, 50_000)
  assert.equal(reputation.size, 3)
  assert.equal(reputation.valueOf('better', 50_000), 0)
  assert.equal(reputation.isBanned('banned', 50_000), true)
  assert.equal(reputation.valueOf('new', 50_000), -1)
})

test('whatever happens, it stays between the ban and 0 and never grows worse by waiting', () => {
  const events = fc.array(fc.tuple(fc.nat(50), fc.nat(20_000)), { maxLength: 50 })
  fc.assert(
    fc.property(events, (faults) => {
      const reputation = new Reputation(LIMITS)
      let nowMs = 0
      for (const [points, waitMs] of faults) {
        reputation.penalise('a', points, nowMs)
        const before = reputation.valueOf('a', nowMs)
        nowMs += waitMs
        const after = reputation.valueOf('a', nowMs)
        assert.ok(before >= -100 && after <= 0 && after >= before)
      }
    }),
  )
})
