import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { type ImportedQuestions, importQuestions } from './import-questions.ts'
import { byOpening, lossOfLast, replicate } from './replication.ts'

/** Public data sets beside the repository; they are not a part of it. */
const folder = new URL('../../../../../shared/data/', import.meta.url)
const skip = existsSync(folder) ? false : 'there is no ../shared/data beside the repository'

describe('resolved questions from outside', () => {
  it('replication markets: log loss .5948 of the equal pool, .5853 of the update, .5740 of the market', {
    skip,
  }, () => {
    const imported = load('replication-markets')
    const ordered = byOpening(imported.questions)
    const replication = replicate(ordered, imported, { role: 'survey' })
    assert.equal(replication.questionCount, 103)
    assert.equal(replication.forecasterCount, 345)
    near(replication.equalPoolLoss, 0.5948)
    near(replication.weightedPoolLoss, 0.5853)
    near(lossOfLast(ordered, imported, 'trade-price-after'), 0.574)
    assert.equal(replication.cappedCount, 0, 'nobody is so large that the cap matters')
    assert.equal(replication.weightAfterMicro, replication.weightBeforeMicro)
  })

  it('replication markets: whoever could copy the pool would multiply its weight', { skip }, () => {
    const imported = load('replication-markets')
    const options = { role: 'survey', hasCopier: true }
    const { copierGrowth } = replicate(byOpening(imported.questions), imported, options)
    assert.ok(copierGrowth !== null && Math.abs(copierGrowth - 4.2) < 0.1, `${copierGrowth} times`)
  })

  it('governors: three models are scored and weight is conserved', { skip }, () => {
    const imported = load('governors')
    const replication = replicate(byOpening(imported.questions), imported, { role: 'model' })
    assert.equal(replication.questionCount, 72)
    assert.equal(replication.forecasterCount, 3)
    assert.equal(replication.weightAfterMicro, replication.weightBeforeMicro)
  })

  it('weigh more who was right before', () => {
    const days = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    const questions = days.map((day) => `q${day},rain?,no|yes,2022-01-0${day},2022-02-01,1\n`)
    const forecasts = days.flatMap((day) =>
      ['0.2|0.8', '0.3|0.7', '0.5|0.5', '0.6|0.4', '0.7|0.3', '0.8|0.2'].map(
        (probs, index) => `q${day},forecaster-${index},survey,2022-01-0${day},${probs}\n`,
      ),
    )
    const imported = importQuestions(
      `qid,text,outcomes,open,close,outcome_index\n${questions.join('')}`,
      `qid,forecaster,role,time,probs\n${forecasts.join('')}`,
    )
    assert.ok(imported.ok)
    const replication = replicate(byOpening(imported.value.questions), imported.value, {
      role: 'survey',
    })
    assert.ok(replication.weightedPoolLoss < replication.equalPoolLoss)
    assert.equal(replication.weightAfterMicro, replication.weightBeforeMicro)
  })
})

function load(name: string): ImportedQuestions {
  const read = (file: string): string =>
    readFileSync(new URL(`${name}/${file}.csv`, folder), 'utf8')
  const imported = importQuestions(read('questions'), read('forecasts'))
  assert.ok(imported.ok)
  return imported.value
}

function near(value: number, expected: number): void {
  assert.ok(Math.abs(value - expected) <= 0.0005, `${value} is not ${expected} ± .0005`)
}
