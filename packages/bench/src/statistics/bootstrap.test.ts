import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Random } from '../simulator/engine/random.ts'
import { bootstrapMean } from './bootstrap.ts'

describe('the bootstrap of a mean', () => {
  it('is fixed by its seed and lies around the mean', () => {
    const runs = [1, 2, 3, 4, 10]
    const interval = bootstrapMean(runs, 'seed')
    assert.deepEqual(bootstrapMean(runs, 'seed'), interval)
    assert.equal(interval.mean, 4)
    assert.ok(interval.lo > 1 && interval.lo < 4 && interval.hi > 4 && interval.hi < 10)
  })

  it('of two runs reaches from one to the other: a quarter of resamples are either twice', () => {
    assert.deepEqual(bootstrapMean([0, 1], 'two'), { mean: 0.5, lo: 0, hi: 1 })
  })

  it('of forty 0 and one 1 is what the binomial says: the 1 is drawn at most three times', () => {
    // Drawn k times with the chance of a Poisson of mean 1: P(k ≤ 2) = .92, P(k ≤ 3) = .98.
    const { lo, hi } = bootstrapMean([1, ...Array<number>(40).fill(0)], 'rare')
    assert.deepEqual({ lo, hi }, { lo: 0, hi: 3 / 41 })
  })

  it('of one run, and of runs that are alike, is the mean', () => {
    assert.deepEqual(bootstrapMean([7], 'one'), { mean: 7, lo: 7, hi: 7 })
    assert.deepEqual(bootstrapMean([0.1, 0.1, 0.1], 'alike'), { mean: 0.1, lo: 0.1, hi: 0.1 })
  })

  it('holds the true mean about as often as it says', () => {
    let held = 0
    for (let trial = 0; trial < 60; trial++) {
      const random = new Random(trial, 'coverage')
      const runs = Array.from({ length: 40 }, () => random.below(1_000_001) / 1_000_000)
      const { lo, hi } = bootstrapMean(runs, `${trial}`)
      if (lo <= 0.5 && 0.5 <= hi) held += 1
    }
    assert.ok(held >= 51 && held <= 60, `${held} of 60 intervals hold the mean`)
  })
})
