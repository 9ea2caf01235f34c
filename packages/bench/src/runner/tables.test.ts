import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { present } from '@commonweal/protocol'
import { parseExperiment } from '../experiment/parse-experiment.ts'
import { planRuns } from '../experiment/run-plan.ts'
import { compareRuns } from './compare.ts'
import type { StoredRun } from './stored-run.ts'
import { aggregateCsv, metricsCsv, type ScoredRun, summariseCells } from './tables.ts'

const plans = planRuns(
  parseExperiment('seeds: 3\nsweep: { contract: [none, "text"] }\nname: tables', 'x'),
)

/** Runs with these values of R; undefined is a failed run. */
function runsOf(values: readonly (number | null | undefined)[]): readonly ScoredRun[] {
  return values.map((R, index): ScoredRun => {
    const plan = present(plans[index], 'there are six runs')
    const { id } = plan
    const run: StoredRun =
      R === undefined
        ? { id, status: 'failed', reason: 'a reveal was late', events: [] }
        : { id, status: 'done', outcomeDigest: `of ${R}`, metrics: { R }, events: [] }
    return { plan, run }
  })
}

describe('the tables of an experiment', () => {
  const runs = runsOf([4, undefined, 8, 1, null, 1])

  it('have a row per run, and empty fields where a run failed or a metric has no value', () => {
    const rows = metricsCsv(runs).trimEnd().split('\n')
    assert.equal(rows[0], 'run,contract,seed,status,outcome,R')
    assert.deepEqual(
      rows.slice(1).map((row) => row.slice(33)),
      [
        'none,1,done,of 4,4',
        'none,2,failed,,',
        'none,3,done,of 8,8',
        'text,1,done,of 1,1',
        'text,2,done,of null,',
        'text,3,done,of 1,1',
      ],
    )
  })

  it('count failed runs apart, and never as zeros: the mean of 4 and 8 is 6', () => {
    assert.deepEqual(aggregateCsv(summariseCells(runs)).trimEnd().split('\n'), [
      'contract,metric,runs,failed,values,mean,lo,hi',
      'none,R,3,1,2,6,4,8',
      'text,R,3,0,2,1,1,1',
    ])
  })
})

describe('a comparison', () => {
  it('pairs runs by cell and seed, leaves failed ones out, and corrects for all its tests', () => {
    const a = runsOf([1, 2, 3, 5, 5, 5])
    const b = runsOf([2, 3, undefined, 5, 5, 5])
    const { pairCount, sameCount, unlike, unpairedCount, tests } = compareRuns(a, b, null)
    assert.deepEqual([pairCount, sameCount, unpairedCount], [5, 3, 2])
    assert.deepEqual(
      unlike.map(({ cell, seed }) => [cell['contract'], seed]),
      [
        ['none', '1'],
        ['none', '2'],
      ],
    )
    const [none, text] = tests
    assert.deepEqual([none?.meanA, none?.meanB, none?.pairCount], [1.5, 2.5, 2])
    assert.deepEqual(none?.difference, { mean: 1, lo: 1, hi: 1 })
    // Of the four signs of two equal differences two are as extreme.
    assert.ok(Math.abs((none?.p ?? 0) - 0.5) < 0.02)
    assert.equal(none?.pHolm, Math.min(1, 2 * (none?.p ?? 0)))
    assert.deepEqual([text?.p, text?.pHolm], [1, 1])
  })

  it('of a metric that no run has makes no test', () => {
    assert.deepEqual(compareRuns(runsOf([1]), runsOf([1]), 'speed').tests, [])
  })
})
