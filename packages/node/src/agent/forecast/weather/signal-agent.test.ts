import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkReport, checkStream } from '@commonweal/protocol'
import { madeAgent, madeDays, madeQuestion, madeSignal } from './made-days.ts'
import { SignalAgent, type SignalModel, signalModels } from './signal-agent.ts'
import { WEATHER_KINDS } from './topic.ts'
import { shiftDate } from './weather-day.ts'

const ME = madeAgent('me')
const DATA = madeAgent('data')
const STRANGER = madeAgent('stranger')
const FIRST = '2013-01-01'
/** Two wet days, two dry days, over and over. */
const history = madeDays(FIRST, 200, (index) =>
  index % 4 < 2 ? { precipitation: 20, class: 2 } : {},
)
const names = Object.keys(signalModels).filter((name): name is SignalModel => name in signalModels)
const wet = [
  { name: 'precipitation', value: 20 },
  { name: 'class', value: 2 },
]
const dry = [
  { name: 'precipitation', value: 0 },
  { name: 'class', value: 4 },
]

describe('a signal agent', () => {
  it('reports on both kinds of question, whatever it holds and with nothing to go by', () => {
    for (const model of names) {
      for (const past of [[], history]) {
        const agent = new SignalAgent({ model, suppliers: [DATA], history: past })
        for (const kind of WEATHER_KINDS) {
          const question = madeQuestion({ date: shiftDate(FIRST, 200), kind })
          const said = agent.forecast({ question, snapshot: 0, agent: ME, signals: [] })
          assert.ok(said?.report !== null && said?.report !== undefined, model)
          assert.ok(checkReport(said.report, question.outcomes.length).ok)
          assert.ok(said.reasoning.endsWith('.') && said.hypotheses.length === 1)
          assert.deepEqual(said.parents, [])
        }
      }
    }
  })

  it('names what it was made from, and does not hear strangers', () => {
    const agent = new SignalAgent({ model: 'markov', suppliers: [DATA], history })
    const question = madeQuestion({ date: shiftDate(FIRST, 200), kind: 'rain' })
    const ask = (signals: Parameters<typeof agent.forecast>[0]['signals']) =>
      agent.forecast({ question, snapshot: 0, agent: ME, signals })
    const told = madeSignal(DATA, wet, 1)
    const lie = madeSignal(STRANGER, dry, 0)
    assert.deepEqual(ask([told])?.parents, [told.digest])
    assert.deepEqual(ask([lie, told]), ask([told]))
    assert.deepEqual(ask([lie]), ask([]))
    assert.notDeepEqual(ask([told])?.report, ask([])?.report)
  })

  it('of statements that differ believes the one that was sealed first', () => {
    const agent = new SignalAgent({ model: 'markov', suppliers: [DATA, STRANGER], history })
    const question = madeQuestion({ date: shiftDate(FIRST, 200), kind: 'rain' })
    const first = madeSignal(DATA, wet, 0)
    const second = madeSignal(STRANGER, dry, 1)
    const situation = { question, snapshot: 0, agent: ME }
    assert.deepEqual(
      agent.forecast({ ...situation, signals: [second, first] }),
      agent.forecast({ ...situation, signals: [first] }),
    )
  })

  it('learns from what came true, and nothing from a void question or one about something else', () => {
    for (const model of names) {
      const agent = new SignalAgent({ model, suppliers: [DATA], history })
      const asked = madeQuestion({ date: shiftDate(FIRST, 201), kind: 'rain' })
      const signals = [madeSignal(DATA, wet)]
      const say = () => agent.forecast({ question: asked, snapshot: 0, agent: ME, signals })?.report
      const before = say()
      const settled = madeQuestion({ date: shiftDate(FIRST, 200), kind: 'rain' })
      agent.learn({ question: settled, outcome: null, signals })
      agent.learn({ question: madeQuestion('elections/2014'), outcome: 1, signals })
      assert.deepEqual(say(), before, model)
      for (let time = 0; time < 30; time++) agent.learn({ question: settled, outcome: 1, signals })
      assert.ok((say()?.[1] ?? 0) > (before?.[1] ?? 0), `${model} expects less rain`)
    }
  })

  it('says nothing about anything but the weather', () => {
    const agent = new SignalAgent({ model: 'climatology', suppliers: [], history })
    const question = madeQuestion('elections/2014')
    assert.equal(agent.forecast({ question, snapshot: 0, agent: ME, signals: [] }), null)
  })

  it('pays those whose findings it used, and says so once', () => {
    const agent = new SignalAgent({ model: 'markov', suppliers: [DATA, STRANGER], history })
    assert.equal(agent.chooseStreams(), null)
    const question = madeQuestion({ date: shiftDate(FIRST, 200), kind: 'rain' })
    const useless = madeSignal(STRANGER, [{ name: 'season_sin_1', value: 1 }])
    agent.learn({ question, outcome: 0, signals: [madeSignal(DATA, wet), useless] })
    const streams = agent.chooseStreams() ?? []
    assert.ok(checkStream(ME, streams).ok)
    assert.deepEqual(
      streams.map(({ to }) => to),
      [DATA],
    )
    assert.equal(agent.chooseStreams(), null)
  })
})

describe('a model', () => {
  it('finds that what was wet for one day stays wet, and turns dry after two', () => {
    const day = (index: number) => madeQuestion({ date: shiftDate(FIRST, index), kind: 'rain' })
    const rainRun = (value: number) => [
      madeSignal(DATA, [...(value > 0 ? wet : dry), { name: 'rain_run', value }]),
    ]
    for (const model of ['logistic', 'analogue'] as const) {
      const agent = new SignalAgent({ model, suppliers: [DATA], history })
      const rainAfter = (run: number): number => {
        const situation = { question: day(200), snapshot: 0, agent: ME, signals: rainRun(run) }
        return agent.forecast(situation)?.report?.[0] ?? 0
      }
      assert.ok(rainAfter(1) > rainAfter(2), model)
      assert.ok(rainAfter(-2) > rainAfter(-1), model)
    }
  })
})
