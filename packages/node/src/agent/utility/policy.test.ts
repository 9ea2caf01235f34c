import assert from 'node:assert/strict'
import { test } from 'node:test'
import { computeRequest, formatPolicy, type HarvestPolicy, parsePolicy } from './policy.ts'

const forms = [
  'greedy',
  'fair-share',
  'steady',
  'steady(1.5)',
  'escapement(50)',
  'utility',
  'utility(2.5)',
  'quantal',
  'quantal(0.5)',
  'best-reply',
  'always:CH',
  'always:10',
  'hold-out',
  'free-rider',
  'over-harvester',
  'defector',
  'low-baller',
  'griefer',
  'colluder(1+3)',
  'sybil(0+2+4)',
  'washer(2)',
  'competitive',
  'altruistic',
  'svo(-12.5)',
]
for (const text of forms) {
  test(`${text} is a policy and is written as it is read`, () => {
    const parsed = parsePolicy(text)
    assert.ok(parsed.ok)
    assert.equal(formatPolicy(parsed.value), text)
  })
}

const refused = [
  '',
  'generous',
  'greedy(1)',
  'escapement',
  'escapement(1.5)',
  'steady(0.5)',
  'quantal(0)',
  'best-reply(1)',
  'always',
  'always:ch',
  'free-rider(1)',
  'colluder',
  'colluder(1+1)',
  'sybil(1,3)',
  'svo(90°)',
  'svo(100)',
]
for (const text of refused) {
  test(`"${text}" is refused`, () => {
    const parsed = parsePolicy(text)
    assert.ok(!parsed.ok)
    assert.equal(parsed.error.code, 'unknown-policy')
  })
}

const requests: readonly (readonly [HarvestPolicy, number, number])[] = [
  [{ name: 'greedy' }, 100, 100],
  [{ name: 'fair-share' }, 99, 19],
  [{ name: 'steady', ratePercent: 200 }, 100, 10],
  [{ name: 'steady', ratePercent: 200 }, 99, 9],
  [{ name: 'steady', ratePercent: 150 }, 100, 6],
  [{ name: 'escapement', target: 50 }, 100, 10],
  [{ name: 'escapement', target: 50 }, 52, 0],
  [{ name: 'escapement', target: 50 }, 30, 0],
]
for (const [policy, stock, expected] of requests) {
  test(`${formatPolicy(policy)} of five requests ${expected} of ${stock}`, () => {
    assert.equal(computeRequest(policy, stock, 5), expected)
  })
}
