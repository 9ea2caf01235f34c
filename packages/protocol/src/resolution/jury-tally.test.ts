import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { InvariantError } from '../invariant.ts'
import { keyedHashSigner } from '../testing/keyed-hash.ts'
import { decidingCountMin, findPlurality, type JurorVerdict, tallyVerdicts } from './jury-tally.ts'

describe('the tally of a jury', () => {
  it('needs two thirds of the jurors', () => {
    for (const [size, needed] of [
      [3, 2],
      [5, 4],
      [7, 5],
      [15, 10],
      [31, 21],
    ] as const) {
      assert.equal(tallyVerdicts(size, said(needed), 2).kind, 'decided')
      assert.equal(tallyVerdicts(size, said(needed - 1), 2).kind, 'too-few-reveals')
    }
  })

  it('needs 65 per cent of those who opened a verdict', () => {
    assert.deepEqual(tallyVerdicts(20, said(13, 7), 2), { kind: 'decided', outcome: 0 })
    assert.deepEqual(tallyVerdicts(20, said(7, 13), 2), { kind: 'decided', outcome: 1 })
    assert.deepEqual(tallyVerdicts(20, said(12, 8), 2), { kind: 'undecided' })
    assert.deepEqual(tallyVerdicts(7, said(4, 2), 2), { kind: 'decided', outcome: 0 })
    assert.deepEqual(tallyVerdicts(7, said(4, 3), 2), { kind: 'undecided' })
  })

  it('decides what most say, if anything, and agrees with fractions', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 31 }), (outcomes) => {
        const verdicts = outcomes.map((outcome, index) => verdictOf(index, outcome))
        const tally = tallyVerdicts(outcomes.length, verdicts, 4)
        const agreed = [0, 1, 2, 3].filter(
          (outcome) => outcomes.filter((each) => each === outcome).length / outcomes.length >= 0.65,
        )
        assert.deepEqual(tally.kind === 'decided' ? [tally.outcome] : [], agreed)
        if (tally.kind === 'decided') assert.equal(findPlurality(verdicts, 4), tally.outcome)
      }),
    )
  })

  it('is decided by no fewer equal verdicts than the least', () => {
    for (let size = 1; size <= 31; size++) {
      const fewest = decidingCountMin(size)
      for (let own = 0; own <= size; own++) {
        const kinds = Array.from({ length: size - own + 1 }, (_, others) =>
          tallyVerdicts(size, said(own, others), 2),
        )
        const wins = kinds.some((tally) => tally.kind === 'decided' && tally.outcome === 0)
        assert.equal(wins, own >= fewest, `${own} of ${size}`)
      }
    }
    assert.deepEqual([7, 15, 31].map(decidingCountMin), [4, 7, 14])
  })

  it('has no plurality among none, or where two lead', () => {
    assert.equal(findPlurality([], 2), null)
    assert.equal(findPlurality(said(3, 3), 2), null)
    assert.equal(findPlurality(said(3, 4), 2), 1)
  })

  it('stops at what the ledger must never hand it', () => {
    const verdict = verdictOf(0, 0)
    assert.throws(() => tallyVerdicts(2, [verdict, verdict], 2), InvariantError)
    assert.throws(() => tallyVerdicts(1, said(2), 2), InvariantError)
    for (const outcome of [-1, 2, 0.5]) {
      assert.throws(() => tallyVerdicts(1, [verdictOf(0, outcome)], 2), InvariantError)
    }
  })
})

function verdictOf(index: number, outcome: number): JurorVerdict {
  return { juror: keyedHashSigner(`juror-${index}`).agent, outcome }
}

/** So many verdicts for each outcome. */
function said(...counts: readonly number[]): readonly JurorVerdict[] {
  return counts
    .flatMap((count, outcome) => Array<number>(count).fill(outcome))
    .map((outcome, index) => verdictOf(index, outcome))
}
