import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configOf, type RunOptions, repeat, run, unequalValues } from '../run/rounds-fixtures.ts'
import {
  contradictsDeclared,
  observeRestraint,
  type Restraint,
  type RevealedInterval,
  revealInterval,
} from './revealed.ts'

/** What the seats of one run reveal, by seat. */
async function reveal(
  plans: readonly string[],
  options: RunOptions = {},
): Promise<readonly RevealedInterval[]> {
  const { params } = configOf(plans, options)
  const { rows, laws } = await run(plans, options)
  const boundRounds = laws.map(({ round }) => round)
  const seen = { params, seatCount: plans.length, rows, boundRounds }
  return plans.map((_, seat) => revealInterval(observeRestraint(seen, seat)))
}

function ends({ lo, hi }: RevealedInterval | undefined = NOTHING): readonly number[] {
  return [lo, hi]
}

const NOTHING = revealInterval([])
const { POSITIVE_INFINITY: INFINITY } = Number

test('a free-rider is below λ* = 0.6, and those who hold back are at or above it', async () => {
  const revealed = await reveal(['free-rider', ...repeat(4, 'utility 1')])
  assert.deepEqual(ends(revealed[0]), [0, 0.6])
  for (const one of revealed.slice(1)) assert.deepEqual(ends(one), [0.6, INFINITY])
})

test('a declared λ = 3 that free-rides is contradicted, and one that holds back is not', async () => {
  const [rider, saint] = await reveal(['free-rider 3', ...repeat(4, 'utility 3')])
  assert.ok(rider !== undefined && saint !== undefined)
  assert.ok(contradictsDeclared(rider, 3))
  assert.ok(!contradictsDeclared(saint, 3))
  assert.ok(!contradictsDeclared(saint, INFINITY))
  assert.ok(contradictsDeclared(saint, 0.5))
  assert.ok(contradictsDeclared(rider, 0.6) && !contradictsDeclared(rider, 0.59))
})

test('one round is enough where everything is gone after it', async () => {
  for (const one of await reveal(repeat(5, 'utility 0'))) assert.deepEqual(ends(one), [0, 0.6])
})

test('unequal values have thresholds of their own', async () => {
  const params = unequalValues(3, 5)
  const revealed = await reveal(repeat(5, 'utility 1000000'), { params })
  const lows = revealed.map(({ lo }) => lo)
  assert.ok(new Set(lows).size > 1, lows.join())
  for (const { hi } of revealed) assert.equal(hi, INFINITY)
})

test('announced rates bound λ from both sides', async () => {
  const params = { regeneration: { mode: 'private-signal' }, rounds: 40, collapseBelow: 1 }
  const [one] = await reveal(repeat(5, 'utility 1'), { params, seed: 4 })
  assert.ok(one !== undefined && one.observationCount >= 2)
  // Held back at 2.5, where 1/3 is enough, and took everything at 1.5, where it takes 1.4.
  assert.deepEqual(
    ends(one).map((end) => end.toFixed(3)),
    ['0.333', '1.400'],
  )
})

test('rounds under a law and the last round show nothing', async () => {
  const bound = await reveal(repeat(5, 'greedy'), { contract: 'law', law: 'stock / 10' })
  for (const one of bound) assert.deepEqual(ends(one), [0, INFINITY])
  const [saint] = await reveal(repeat(5, 'steady'), { params: { rounds: 1 } })
  assert.equal(saint?.observationCount, 0)
})

const observe = (held: number, taken: number): readonly Restraint[] => [
  ...Array.from({ length: held }, () => ({ heldBack: true, threshold: 0.6 })),
  ...Array.from({ length: taken }, () => ({ heldBack: false, threshold: 0.6 })),
]

test('a slip or two change nothing, and half and half say nothing', () => {
  assert.deepEqual(ends(revealInterval(observe(10, 1))), [0.6, INFINITY])
  assert.deepEqual(ends(revealInterval(observe(2, 9))), [0, 0.6])
  for (const half of [1, 3, 5, 50]) {
    assert.deepEqual(ends(revealInterval(observe(half, half))), [0, INFINITY])
  }
  assert.equal(revealInterval(observe(10, 1)).slipCount, 1)
})

test('more of the same never makes the interval wider', () => {
  for (let count = 1; count < 30; count++) {
    const { lo } = revealInterval(observe(count, 0))
    assert.equal(lo, 0.6)
  }
})

test('restraint that no weight explains is a slip, whatever the weight', () => {
  const strange = [{ heldBack: true, threshold: INFINITY }]
  const { lo, hi, slipCount } = revealInterval(strange)
  assert.deepEqual([lo, hi, slipCount], [0, INFINITY, 1])
})
