import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DataAgent } from './data-agent.ts'
import { FeatureAgent } from './feature-agent.ts'
import { madeAgent, madeDays, madeQuestion, madeSignal } from './made-days.ts'
import { shiftDate } from './weather-day.ts'

const ME = madeAgent('me')
const DATA = madeAgent('data')
const days = madeDays('2014-03-01', 10, (index) => ({ precipitation: index, wind: 10 + index }))

describe('a data agent', () => {
  it('hands on its columns of the day before the one asked about', () => {
    const asked: string[] = []
    const agent = new DataAgent(['precipitation', 'wind'], (date) => {
      asked.push(date)
      return days.find((day) => day.date === shiftDate(date, -1)) ?? null
    })
    const say = (date: string) => {
      const question = madeQuestion({ date, kind: 'class' })
      return agent.forecast({ question, snapshot: 0, agent: ME, signals: [] })
    }
    assert.deepEqual(say('2014-03-05'), {
      report: null,
      findings: [
        { name: 'precipitation', value: 3 },
        { name: 'wind', value: 13 },
      ],
      parents: [],
      reasoning: 'Measured on 2014-03-04: precipitation, wind.',
      hypotheses: [],
    })
    assert.equal(say('2014-03-01'), null, 'the series does not go back so far')
    assert.deepEqual(asked, ['2014-03-05', '2014-03-01'])
  })

  it('serves for a year, and then who pays', () => {
    const agent = new DataAgent(['wind'], () => null)
    assert.ok(agent.serves({ agent: ME, bps: 0, servedCount: 729 }))
    assert.ok(!agent.serves({ agent: ME, bps: 0, servedCount: 730 }))
    assert.ok(agent.serves({ agent: ME, bps: 1, servedCount: 730 }))
  })
})

describe('a feature agent', () => {
  it('remembers what data agents told it, and names what it derived from', () => {
    const agent = new FeatureAgent({
      family: 'rolling',
      suppliers: [DATA],
      history: days.slice(0, 1),
    })
    const told = (index: number) => {
      const value = days[index - 1]?.columns.precipitation ?? 0
      return madeSignal(DATA, [
        { name: 'precipitation', value },
        { name: 'gossip', value: 1 },
      ])
    }
    const ask = (index: number) => {
      const question = madeQuestion({ date: shiftDate('2014-03-01', index), kind: 'rain' })
      return { question, signals: [told(index)] }
    }
    for (const index of [2, 3]) agent.learn({ ...ask(index), outcome: null })
    const said = agent.forecast({ ...ask(4), snapshot: 0, agent: ME })
    assert.deepEqual(said?.findings, [
      { name: 'precipitation_mean_3', value: 2 },
      { name: 'rain_days_3', value: 3 },
    ])
    assert.deepEqual(said?.parents, [told(4).digest])
    assert.deepEqual(
      agent.chooseStreams()?.map(({ to }) => to),
      [DATA],
    )
  })

  it('says nothing where too little is known', () => {
    const agent = new FeatureAgent({ family: 'rolling', suppliers: [DATA], history: [] })
    const question = madeQuestion({ date: '2014-03-05', kind: 'rain' })
    assert.equal(agent.forecast({ question, snapshot: 0, agent: ME, signals: [] }), null)
  })
})
