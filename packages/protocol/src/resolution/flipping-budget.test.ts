import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { sumBigint } from '../integer.ts'
import { InvariantError } from '../invariant.ts'
import { keyedHashSigner } from '../testing/keyed-hash.ts'
import { flippingBudgetMicro } from './flipping-budget.ts'
import { atRiskMicro } from './jury-settle.ts'
import { tallyVerdicts } from './jury-tally.ts'

const AGENTS = Array.from({ length: 31 }, (_, index) => keyedHashSigner(`juror-${index}`).agent)
const stakes = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { maxLength: 40 })

describe('the budget for flipping a question', () => {
  it('is what four of seven equal jurors risk in the first round, which is the weakest', () => {
    const equal = Array<bigint>(40).fill(100_000_000n)
    assert.equal(flippingBudgetMicro(equal, [7, 15, 31]), 40_000_000n)
    // Alone: 7 of 15 risk 20 %, 14 of 31 risk 40 %.
    assert.equal(flippingBudgetMicro(equal, [31, 15]), 140_000_000n)
  })

  it('looks only at rounds that can be filled, and is nothing where none can', () => {
    const equal = Array<bigint>(8).fill(1_000n)
    assert.equal(flippingBudgetMicro(equal, [7, 15, 31]), 400n)
    assert.equal(flippingBudgetMicro(equal.slice(2), [7, 15, 31]), 0n)
    assert.equal(flippingBudgetMicro([...equal.slice(2), 0n], [7]), 0n)
  })

  it('is at most what any jurors risk who can flip a round, whoever they are', () => {
    const seen = { flipped: 0 }
    fc.assert(
      fc.property(
        stakes,
        fc.constantFrom([3, 5, 7], [7, 15, 31], [7]),
        fc.nat({ max: 2 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (given, sizes, at, draws) => {
          const budgetMicro = flippingBudgetMicro(given, sizes)
          const round = at % sizes.length
          const size = sizes[round] ?? 0
          const staked = given.filter((micro) => micro > 0n)
          if (staked.length < size) return
          const seats = staked
            .map((micro) => ({ micro, key: draws.next().value }))
            .toSorted((a, b) => a.key - b.key)
            .slice(0, size)
            .map(({ micro }, index) => ({ micro, index, roll: draws.next().value }))
          const bribed = seats.filter(({ roll }) => roll < 0.6)
          const honest = seats.filter(({ roll }) => roll > 0.8)
          const verdicts = [
            ...bribed.map(({ index }) => ({ juror: AGENTS[index] ?? never(), outcome: 1 })),
            ...honest.map(({ index }) => ({ juror: AGENTS[index] ?? never(), outcome: 0 })),
          ]
          const tally = tallyVerdicts(size, verdicts, 2)
          if (tally.kind !== 'decided' || tally.outcome === 0) return
          seen.flipped += 1
          const risk = sumBigint(bribed.map(({ micro }) => atRiskMicro(micro, round + 1)))
          assert.ok(risk >= budgetMicro)
        },
      ),
      { numRuns: 1_000 },
    )
    assert.ok(seen.flipped > 50, `${seen.flipped} flipped`)
  })

  it('does not fall when a stake grows', () => {
    fc.assert(
      fc.property(stakes, fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 9n }), (given, at, more) => {
        const positive = given.map((micro) => micro + 1n)
        if (positive.length === 0) return
        const index = at % positive.length
        const grown = positive.with(index, (positive[index] ?? 0n) + more)
        const before = flippingBudgetMicro(positive, [7, 15, 31])
        assert.ok(flippingBudgetMicro(grown, [7, 15, 31]) >= before)
      }),
    )
  })

  it('needs a round, and knows no fourth', () => {
    assert.throws(() => flippingBudgetMicro([], []), InvariantError)
    assert.throws(() => flippingBudgetMicro([], [3, 5, 7, 9]), InvariantError)
  })
})

function never(): never {
  throw new Error('there are enough agents')
}
