import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { agentOf, ForecastWorld } from '@commonweal/protocol/testing'
import type { WeatherConfig } from '../../../config.ts'
import { ConfigError } from '../../../errors.ts'
import { prosocialityOfLambda } from '../../prosocial.ts'
import { madeQuestion } from './made-days.ts'
import { WEATHER_CLASSES } from './weather-day.ts'
import { createWeatherPart, REGISTRAR_ROLE } from './weather-part.ts'

const folder = mkdtempSync(join(tmpdir(), 'weather-part-'))
after(() => rmSync(folder, { recursive: true }))

const series = join(folder, 'days.csv')
const HEADER = 'date,precipitation,temp_max,temp_min,wind,weather'
const DAYS = [
  '2012-02-28,0.0,12.8,-5.0,4.7,drizzle',
  '2012-02-29,10.9,-0.6,-2.8,4.5,rain',
  '2012-03-01,0.8,11.7,7.2,2.3,sun',
]
writeFileSync(series, `${[HEADER, ...DAYS].join('\n')}\n`)

function create(given: Partial<WeatherConfig>) {
  const prosociality = prosocialityOfLambda(0)
  assert.ok(prosociality.ok)
  const asks = { dayCount: 1, windowHeights: 8, resolution: 'record' } as const
  const config = {
    role: REGISTRAR_ROLE,
    series,
    first: '2012-03-01',
    asks,
    suppliers: [agentOf(2)],
    marginHeights: 2,
    ...given,
  }
  const options = { prosociality: prosociality.value, nameOf: (): string => 'somebody' }
  return createWeatherPart(config, agentOf(0), options)
}

describe('the part of an agent in forecasting the weather', () => {
  it('is to ask, for a registrar, from the first day on, and to say what came true', () => {
    const { name, opener, forecaster } = create({})
    assert.equal(name, REGISTRAR_ROLE)
    const question = madeQuestion({ date: '2012-03-01', kind: 'rain' })
    const situation = { question, snapshot: 0, agent: agentOf(0), signals: [] }
    assert.equal(forecaster?.forecast(situation), null)
    assert.equal(forecaster?.witness?.saw(question), 0)
    const acts = opener?.chooseActs(new ForecastWorld().ledger) ?? []
    assert.deepEqual(
      acts.map((act) => act.kind === 'question' && act.topic),
      ['seattle/2012-03-01/rain', 'seattle/2012-03-01/class'],
    )
  })

  it('is to forecast, for any other role', () => {
    const { name, opener, forecaster } = create({ role: 'forecaster' })
    assert.equal(opener, undefined)
    assert.deepEqual(forecaster?.suppliers, [agentOf(2)])
    assert.equal(name, forecaster?.name)
  })

  it('looks a past day up as a juror, whatever its role, and goes by what others say about the rest', () => {
    for (const role of ['signal:markov', 'feature:season', 'forecaster', 'data:wind']) {
      const { forecaster } = create({ role })
      const judge = (date: string) =>
        forecaster?.judge?.({ question: madeQuestion({ date, kind: 'rain' }), signals: [] })
      assert.equal(judge('2012-02-28'), 1, role)
      assert.equal(judge('2012-02-29'), 0, role)
      assert.equal(judge('2012-03-02'), null, role)
      // Only who measures puts a bond behind it.
      assert.equal(forecaster?.witness !== undefined, role === 'data:wind')
    }
  })

  it('has seen nothing of a question that names other outcomes, or in another order, than its topic has', () => {
    const rain = madeQuestion({ date: '2012-02-29', kind: 'rain' })
    const weather = madeQuestion({ date: '2012-03-01', kind: 'class' })
    for (const role of ['data:wind', 'forecaster', 'lying-asserter', REGISTRAR_ROLE]) {
      const { forecaster } = create({ role })
      for (const question of [
        { ...rain, outcomes: rain.outcomes.toReversed() },
        { ...weather, outcomes: weather.outcomes.slice(0, 2) },
      ]) {
        assert.equal(forecaster?.witness?.saw(question) ?? null, null, role)
        assert.equal(forecaster?.judge?.({ question, signals: [] }) ?? null, null, role)
      }
    }
  })

  it('is to lie about what came true, for a lying asserter, as a juror too', () => {
    const { forecaster } = create({ role: 'lying-asserter' })
    const lies = (['rain', 'class'] as const).map((kind) => {
      const question = madeQuestion({ date: '2012-02-29', kind })
      const said = forecaster?.witness?.saw(question)
      assert.equal(forecaster?.judge?.({ question, signals: [] }), said)
      return said
    })
    assert.equal(lies[0], 1)
    assert.ok(lies[1] !== WEATHER_CLASSES.indexOf('rain') && lies[1] !== null)
    const unknown = madeQuestion({ date: '2012-03-02', kind: 'rain' })
    assert.equal(forecaster?.witness?.saw(unknown), null)
  })

  it('serves past its probation who pays nothing only where its config says so', () => {
    const customer = { agent: agentOf(3), bps: 0, servedCount: 10_000 }
    const served = [false, true].map((servesAll) =>
      create({ role: 'signal:markov', servesAll }).forecaster?.serves(customer),
    )
    assert.deepEqual(served, [false, true])
  })

  it('is refused where a registrar has nothing to ask, or a role is none', () => {
    assert.throws(() => create({ asks: null }), ConfigError)
    assert.throws(() => create({ role: 'prophet' }), ConfigError)
  })

  it('looks at nothing from the first day on, where it forecasts', () => {
    const path = join(folder, 'torn.csv')
    writeFileSync(path, `${[HEADER, ...DAYS.slice(0, 2), '2012-03-01,what,comes'].join('\n')}\n`)
    assert.ok(create({ role: 'signal:climatology', series: path }).forecaster !== undefined)
    assert.throws(() => create({ series: path }), ConfigError)
  })
})
