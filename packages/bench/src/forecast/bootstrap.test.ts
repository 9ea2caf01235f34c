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
