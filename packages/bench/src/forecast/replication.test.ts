import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  type ImportedQuestions,
  importQuestions,
  type ResolvedQuestion,
} from './import-questions.ts'
import { measureOrderSpread } from './order-spread.ts'
import {
  byClosing,
  byOpening,
  type Replication,
  type ReplicationOptions,
  replicate,
  scoreOfLast,
} from './replication.ts'

/** Public data sets beside the repository; they are not a part of it. */
const folder = new URL('../../../../../shared/data/', import.meta.url)
const skip = existsSync(folder) ? false : 'there is no ../shared/data beside the repository'

describe('resolved questions from outside', () => {
  it('replication markets: log loss .5948 of the equal pool, .5853 of the update, .5740 of the market', {
    skip,
  }, () => {
    const imported = load('replication-markets')
    const ordered = byOpening(imported.questions)
    const replication = play(ordered, imported, { role: 'survey' })
    assert.equal(replication.equalPool.questionCount, 103)
    assert.equal(replication.forecasterCount, 345)
    near(replication.equalPool.logLoss, 0.5948)
    near(replication.weightedPool.logLoss, 0.5853)
    near(scoreOfLast(ordered, imported, 'trade-price-after')?.logLoss, 0.574)
    assert.equal(replication.cappedCount, 0, 'nobody is so large that the cap matters')
    assert.equal(replication.weightAfterMicro, replication.weightBeforeMicro)
  })

  it('replication markets: the order of questions moves the figure, and by how much is said', {
    skip,
  }, (context) => {
    const imported = load('replication-markets')
    const options = { seed: 'orders', orderCount: 40 }
    const spread = measureOrderSpread(imported, { role: 'survey' }, options)
    assert.ok(spread !== null && spread.lo < spread.hi)
    const [lo, mean, hi] = [spread.lo, spread.mean, spread.hi].map((loss) => loss.toFixed(4))
    context.diagnostic(`log loss of the update over 40 random orders: ${lo} … ${hi}, mean ${mean}`)
  })

  it('replication markets: whoever could copy the pool would multiply its weight', { skip }, () => {
    const imported = load('replication-markets')
    const options = { role: 'survey', hasCopier: true }
    const { copierGrowth } = play(byOpening(imported.questions), imported, options)
    assert.ok(copierGrowth !== null && Math.abs(copierGrowth - 4.2) < 0.1, `${copierGrowth} times`)
  })

  it('governors: three models are scored and weight is conserved', { skip }, () => {
    const imported = load('governors')
    const replication = play(byOpening(imported.questions), imported, { role: 'model' })
    assert.equal(replication.equalPool.questionCount, 72)
    assert.equal(replication.forecasterCount, 3)
    assert.equal(replication.weightAfterMicro, replication.weightBeforeMicro)
  })

  it('weigh more who was right before', () => {
    const imported = rainyDays()
    const replication = play(byOpening(imported.questions), imported, { role: 'survey' })
    assert.ok(replication.weightedPool.logLoss < replication.equalPool.logLoss)
    assert.ok(replication.weightedPool.brier < replication.equalPool.brier)
    assert.ok(replication.gains.every((gain, index) => (index === 0 ? gain === 0 : gain > 0)))
    assert.equal(replication.weightAfterMicro, replication.weightBeforeMicro)
    const { standings } = replication
    assert.deepEqual(
      standings.map(({ name }) => name),
      [0, 1, 2, 3, 4, 5].map((index) => `forecaster-${index}`),
      'who gave most to what came true outgrew the field by most',
    )
    const growths = standings.map(({ growth }) => growth)
    assert.deepEqual(
      growths,
      growths.toSorted((a, b) => b - a),
    )
    assert.ok((growths[0] ?? 0) > 1 && (growths[5] ?? 1) < 1)
  })

  it('add up the public score that the protocol defines', () => {
    const imported = read(
      ['a,rain?,no|yes,2022-01-01,2022-02-01,1'],
      ['a,ann,survey,2022-01-01,0.2|0.8', 'a,bob,survey,2022-01-01,0.6|0.4'],
    )
    const { standings } = play(imported.questions, imported, { role: 'survey' })
    // Two with the same weight: K of one is its score less that of the other.
    const [ann, bob] = standings.map(({ kellyTotal }) => kellyTotal)
    assert.ok(Math.abs((ann ?? 0) - Math.log(2)) < 1e-12, `${ann}`)
    assert.ok(Math.abs((bob ?? 0) + Math.log(2)) < 1e-12, `${bob}`)
  })

  it('say how sure the public score is', () => {
    const days = ['a', 'b'].map((id) => `${id},rain?,no|yes,2022-01-01,2022-02-01,1`)
    const imported = read(days, [
      'a,ann,survey,2022-01-01,0.2|0.8',
      'a,bob,survey,2022-01-01,0.6|0.4',
      'b,ann,survey,2022-01-01,0.5|0.5',
      'b,bob,survey,2022-01-01,0.5|0.5',
    ])
    const { standings } = play(imported.questions, imported, { role: 'survey' })
    // K is ln 2 and 0: their deviation is ln 2/√2, and the sum of two has √2 times as much.
    assert.ok(Math.abs((standings[0]?.kellyError ?? 0) - Math.log(2)) < 1e-12)
  })

  it('have no public score for who was always alone, and none at all of another role', () => {
    const imported = read(
      ['a,rain?,no|yes,2022-01-01,2022-02-01,1'],
      ['a,ann,survey,2022-01-01,0.2|0.8'],
    )
    const { standings } = play(imported.questions, imported, { role: 'survey' })
    assert.equal(standings[0]?.kellyTotal, null)
    assert.equal(replicate(imported.questions, imported, { role: 'model' }), null)
  })

  it('do not count what was said after the close, and the latest time before it', () => {
    const imported = read(
      ['a,rain?,no|yes,2022-01-01,2022-02-01,1'],
      [
        'a,ann,survey,2022-01-31,0.4|0.6',
        'a,ann,survey,2022-01-30,0.9|0.1',
        'a,ann,survey,2022-02-02,0|1',
      ],
    )
    const { equalPool } = play(imported.questions, imported, { role: 'survey' })
    assert.ok(Math.abs(equalPool.logLoss + Math.log(0.6)) < 1e-12, `${equalPool.logLoss}`)
    assert.equal(scoreOfLast(imported.questions, imported, 'survey')?.logLoss, equalPool.logLoss)
    assert.equal(scoreOfLast(imported.questions, imported, 'market'), null)
  })

  it('conserve weight with a house, which wins where the forecasters are worse than chance', () => {
    const imported = rainyDays(() => '0.8|0.2')
    const options = { role: 'survey', houseShare: 0.1 }
    const replication = play(byClosing(imported.questions), imported, options)
    assert.equal(replication.weightBeforeMicro, 6_666_666_667n, 'a tenth of it is the house')
    assert.equal(replication.weightAfterMicro, replication.weightBeforeMicro)
    assert.ok((replication.houseGrowth ?? 0) > 1, `${replication.houseGrowth}`)
  })
})

function play(
  ordered: readonly ResolvedQuestion[],
  imported: ImportedQuestions,
  options: ReplicationOptions,
): Replication {
  const replication = replicate(ordered, imported, options)
  assert.ok(replication !== null)
  return replication
}

/** Nine days on which it rains, and six forecasters who expect it less and less. */
function rainyDays(change: (probs: string) => string = (probs) => probs): ImportedQuestions {
  const days = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  const said = ['0.2|0.8', '0.3|0.7', '0.5|0.5', '0.6|0.4', '0.7|0.3', '0.8|0.2']
  return read(
    days.map((day) => `q${day},rain?,no|yes,2022-01-0${day},2022-02-01,1`),
    days.flatMap((day) =>
      said.map(
        (probs, index) => `q${day},forecaster-${index},survey,2022-01-0${day},${change(probs)}`,
      ),
    ),
  )
}

function read(questions: readonly string[], forecasts: readonly string[]): ImportedQuestions {
  const imported = importQuestions(
    ['qid,text,outcomes,open,close,outcome_index', ...questions].join('\n'),
    ['qid,forecaster,role,time,probs', ...forecasts].join('\n'),
  )
  assert.ok(imported.ok)
  return imported.value
}

function load(name: string): ImportedQuestions {
  const textOf = (file: string): string =>
    readFileSync(new URL(`${name}/${file}.csv`, folder), 'utf8')
  const imported = importQuestions(textOf('questions'), textOf('forecasts'))
  assert.ok(imported.ok)
  return imported.value
}

function near(value: number | undefined, expected: number): void {
  assert.ok(
    value !== undefined && Math.abs(value - expected) <= 0.0005,
    `${value} is not ${expected} ± .0005`,
  )
}
