import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { computeGain, computePool, type LogPool, POOL_WEIGHT_MAX } from './log-pool.ts'
import { probabilitiesOf, toReport } from './to-report.ts'

/** Up to eight signals on 2 … 64 outcomes, whose reports are anything admitted. */
const anyPool: fc.Arbitrary<LogPool> = fc.integer({ min: 2, max: 64 }).chain((outcomeCount) => {
  const probabilities = fc
    .array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: outcomeCount,
      maxLength: outcomeCount,
    })
    .map((masses) => probabilitiesOf(toReport(normalise(masses))))
  const weight = fc.double({ min: 0, max: POOL_WEIGHT_MAX, noNaN: true })
  return fc.record({
    reference: probabilities,
    parts: fc.array(fc.record({ probabilities, weight }), { maxLength: 8 }),
  })
})

describe('the logarithmic pool', () => {
  it('is the reference when nobody speaks or nobody counts', () => {
    assert.deepEqual(computePool({ reference: [0.3, 0.7], parts: [] }), [0.3, 0.7])
    near(computePool({ reference: [0.3, 0.7], parts: [part([0.9, 0.1], 0)] }), [0.3, 0.7])
  })

  it('is the signal when it counts once, and adds log-odds when it counts twice', () => {
    near(computePool({ reference: [0.3, 0.7], parts: [part([0.9, 0.1], 1)] }), [0.9, 0.1])
    // Odds 4 : 1 against even odds, squared.
    near(computePool({ reference: [0.5, 0.5], parts: [part([0.8, 0.2], 2)] }), [16 / 17, 1 / 17])
    // Odds of 2 and of 3 against even odds.
    const two = [part([2 / 3, 1 / 3], 1), part([0.75, 0.25], 1)]
    near(computePool({ reference: [0.5, 0.5], parts: two }), [6 / 7, 1 / 7])
  })

  it('sums to 1, is never negative, and gains what its logarithm says', () => {
    fc.assert(
      fc.property(anyPool, (pool) => {
        const pooled = computePool(pool)
        const sum = pooled.reduce((total, probability) => total + probability, 0)
        assert.ok(Math.abs(sum - 1) < 1e-12 && pooled.every((probability) => probability >= 0))
        for (const [outcome, won] of pooled.entries()) {
          const gain = Math.log(won / (pool.reference[outcome] ?? 1))
          const tolerance = 1e-11 * Math.max(1, Math.abs(gain))
          assert.ok(Math.abs(computeGain(pool, outcome) - gain) <= tolerance)
        }
      }),
    )
  })
})

function part(
  probabilities: readonly number[],
  weight: number,
): { readonly probabilities: readonly number[]; readonly weight: number } {
  return { probabilities, weight }
}

function near(actual: readonly number[], expected: readonly number[]): void {
  assert.deepEqual(
    actual.map((value) => value.toFixed(12)),
    expected.map((value) => value.toFixed(12)),
  )
}

function normalise(masses: readonly number[]): readonly number[] {
  const sum = masses.reduce((total, mass) => total + mass, 0)
  return masses.map((mass) => (sum === 0 ? 1 / masses.length : mass / sum))
}
