import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { correctByHolm } from './holm.ts'

describe("Holm's correction", () => {
  it('multiplies the smallest by all, the next by one less, and keeps the order given', () => {
    assert.deepEqual(correctByHolm([0.0625, 0.015625, 0.03125]), [0.0625, 0.046875, 0.0625])
  })

  it('never lets a larger p come out below a smaller one', () => {
    assert.deepEqual(correctByHolm([0.25, 0.265625]), [0.5, 0.5])
  })

  it('stops at 1, and leaves a single test and no test as they are', () => {
    assert.deepEqual(correctByHolm([0.75, 0.5]), [1, 1])
    assert.deepEqual(correctByHolm([0.125]), [0.125])
    assert.deepEqual(correctByHolm([]), [])
  })
})
