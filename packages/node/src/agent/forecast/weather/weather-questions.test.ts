import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  checkReport,
  compile,
  type DataRecord,
  digestOf,
  evaluate,
  present,
  type Resolver,
  recordSchema,
} from '@commonweal/protocol'
import { madeDays } from './made-days.ts'
import { outcomeOf, parseTopic, WEATHER_KINDS } from './topic.ts'
import { createWeatherQuestions, weatherRecords } from './weather-questions.ts'

const days = madeDays('2014-02-01', 60, (index) =>
  index % 3 === 0 ? { precipitation: index, class: index % 5 } : {},
)
const root = digestOf(new Uint8Array())
const questionsOf = (index: number, history = days.slice(0, 20)) =>
  createWeatherQuestions({ date: days[index]?.date ?? '', history, root, index, weight: 7 })

describe('the questions about a day', () => {
  it('are resolved by its record as the agents count outcomes', () => {
    const records = weatherRecords(days)
    for (const [index, day] of days.entries()) {
      for (const { topic, resolver } of questionsOf(index)) {
        const { kind } = present(parseTopic(topic), 'a topic of ours')
        const record = present(records[index], 'a record for each day')
        assert.equal(resolve(resolver, record), outcomeOf(kind, day.columns))
      }
    }
  })

  it('have what the house reports by the history around that day of the year alone', () => {
    for (const { referenceBps, outcomes } of questionsOf(20)) {
      assert.ok(checkReport(referenceBps, outcomes.length).ok)
    }
    const [rain] = questionsOf(20)
    assert.deepEqual(rain?.referenceBps, [3_529, 6_471], '5 of the 15 days from the sixth on')
    const [unknown] = questionsOf(20, [])
    assert.deepEqual(unknown?.referenceBps, [5_000, 5_000])
  })

  it('are one of each kind, with their places in the data set', () => {
    const questions = questionsOf(3)
    assert.deepEqual(
      questions.map(({ topic }) => parseTopic(topic)),
      WEATHER_KINDS.map((kind) => ({ date: '2014-02-04', kind })),
    )
    for (const { resolver, weight } of questions) {
      assert.ok(resolver.kind !== 'schelling' && resolver.index === 3 && resolver.root === root)
      assert.equal(weight, 7)
    }
  })
})

describe('the records of the series', () => {
  it('are records of a data set, with ascending columns', () => {
    for (const record of weatherRecords(days)) {
      assert.ok(recordSchema.safeParse(record).success)
      const names = record.columns.map(({ name }) => name)
      assert.deepEqual(names, names.toSorted())
    }
  })
})

function resolve(resolver: Resolver, record: DataRecord): number {
  const values = Object.fromEntries(record.columns.map(({ name, value }) => [name, BigInt(value)]))
  if (resolver.kind === 'dataset') return Number(values[resolver.column])
  assert.ok(resolver.kind === 'function')
  const types = Object.fromEntries(resolver.columns.map((name) => [name, { type: 'int' } as const]))
  const compiled = compile(resolver.expression, types, 'int')
  assert.ok(compiled.ok)
  const value = evaluate(compiled.value, values)
  assert.ok(value.ok)
  return Number(value.value)
}
