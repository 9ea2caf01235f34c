import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rankCorrelation } from './rank-correlation.ts'

describe('the rank correlation', () => {
  it('sees the order and nothing else', () => {
    assert.equal(rankCorrelation([1, 2, 30], [-5, 0, 0.1]), 1)
    assert.equal(rankCorrelation([1, 2, 30], [3, 2, 1]), -1)
    assert.equal(rankCorrelation([1, 2, 3], [2, 1, 3]), 0.5)
  })

  it('gives ties their mean rank, and is not there where nothing varies', () => {
    // Ranks 1.5 1.5 3 against 1 2 3: (0.25 + 0 + … ) by hand 1.5/√(1.5 · 2).
    const tied = rankCorrelation([4, 4, 9], [1, 2, 3]) ?? 0
    assert.ok(Math.abs(tied - 1.5 / Math.sqrt(3)) < 1e-12, `${tied}`)
    assert.equal(rankCorrelation([1, 1, 1], [1, 2, 3]), null)
  })
})
