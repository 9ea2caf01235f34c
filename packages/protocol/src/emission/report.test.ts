import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvariantError } from '../invariant.ts'
import { OUTCOME_COUNT_MAX } from '../message/forecast.ts'
import { checkReport, reportFloorBps } from './report.ts'

describe('reports', () => {
  it('have a floor of 100 up to ten outcomes and less above', () => {
    assert.deepEqual([2, 10, 11, 50, 64].map(reportFloorBps), [100, 100, 90, 20, 15])
  })

  it('are for questions of 2 to 64 outcomes', () => {
    const even = Array.from({ length: OUTCOME_COUNT_MAX }, (_, index) => (index < 16 ? 157 : 156))
    assert.ok(checkReport(even, OUTCOME_COUNT_MAX).ok)
    assert.throws(() => checkReport([...even, 156], OUTCOME_COUNT_MAX + 1), InvariantError)
    assert.throws(() => checkReport([10_000], 1), InvariantError)
  })

  it('are refused without throwing whatever numbers they have', () => {
    for (const strange of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60, -0.1]) {
      const checked = checkReport([strange, 5_000], 2)
      assert.equal(checked.ok ? 'ok' : checked.error.verdict, 'reject')
    }
  })
})
