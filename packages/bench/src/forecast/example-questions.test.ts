import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { createExampleQuestions, EXAMPLE_QUESTION_COUNT } from './example-questions.ts'
import { type ImportedQuestions, importQuestions } from './import-questions.ts'
import { byOpening, type Replication, replicate, scoreOfLast } from './replication.ts'

describe('the example questions', () => {
  it('are what their script writes', () => {
    const example = createExampleQuestions(EXAMPLE_QUESTION_COUNT)
    for (const name of ['questions', 'forecasts'] as const) {
      const path = `../../data/example-questions/${name}.csv`
      assert.equal(readFileSync(new URL(path, import.meta.url), 'utf8'), example[name])
    }
  })

  it('have a market and seven forecasters, of whom the one that shouts is lucky', () => {
    const imported = load(EXAMPLE_QUESTION_COUNT)
    const replication = play(imported)
    assert.equal(replication.equalPool.questionCount, 20)
    assert.equal(replication.forecasterCount, 7)
    assert.equal(replication.weightAfterMicro, replication.weightBeforeMicro)
    assert.equal(scoreOfLast(imported.questions, imported, 'trade-price-after')?.questionCount, 20)
    assert.equal(replication.standings[0]?.name, 'sees-4-and-shouts')
  })

  it('would be led by who sees most if there were a thousand, and luck would not last', () => {
    const { standings, weightedPool, equalPool } = play(load(1_000))
    assert.equal(standings[0]?.name, 'sees-16-throws')
    assert.equal(standings.at(-1)?.name, 'sees-4-and-shouts')
    assert.ok(weightedPool.logLoss < equalPool.logLoss)
  })
})

function load(questionCount: number): ImportedQuestions {
  const { questions, forecasts } = createExampleQuestions(questionCount)
  const imported = importQuestions(questions, forecasts)
  assert.ok(imported.ok)
  return imported.value
}

function play(imported: ImportedQuestions): Replication {
  const replication = replicate(byOpening(imported.questions), imported, { role: 'survey' })
  assert.ok(replication !== null)
  return replication
}
