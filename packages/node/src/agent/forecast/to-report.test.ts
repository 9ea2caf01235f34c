import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkReport, InvariantError } from '@commonweal/protocol'
import * as fc from 'fast-check'
import { probabilitiesOf, toReport } from './to-report.ts'

const probabilities = fc
  .array(fc.nat({ max: 1_000_000 }), { minLength: 2, maxLength: 64 })
  .filter((parts) => parts.some((part) => part > 0))
  .map((parts) => {
    const sum = parts.reduce((total, part) => total + part, 0)
    return parts.map((part) => part / sum)
  })

describe('probabilities as reports', () => {
  it('are always admitted', () => {
    fc.assert(
      fc.property(probabilities, (given) => {
        assert.ok(checkReport(toReport(given), given.length).ok)
      }),
    )
  })

  it('are clipped at the floor and otherwise rounded', () => {
    assert.deepEqual(toReport([0.345, 0.655]), [3_450, 6_550])
    assert.deepEqual(toReport([0, 1]), [100, 9_900])
    assert.deepEqual(toReport([1 / 3, 1 / 3, 1 / 3]), [3_334, 3_333, 3_333])
  })

  it('come back as the same report', () => {
    fc.assert(
      fc.property(probabilities.map(toReport), (report) => {
        assert.deepEqual(toReport(probabilitiesOf(report)), report)
      }),
    )
  })

  it('that are no numbers are our own bug', () => {
    for (const strange of [Number.NaN, -0.1, Number.POSITIVE_INFINITY]) {
      assert.throws(() => toReport([strange, 0.5]), InvariantError)
    }
  })
})
