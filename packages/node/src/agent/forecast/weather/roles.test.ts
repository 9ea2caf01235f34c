import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { madeAgent } from './made-days.ts'
import { createWeatherForecaster, parseWeatherRole } from './roles.ts'
import { WEATHER_CHAIN } from './supply-chain.ts'

describe('the role of a weather agent', () => {
  it('is written in one line', () => {
    assert.deepEqual(parseWeatherRole('data:precipitation,temp_max'), {
      kind: 'data',
      columns: ['precipitation', 'temp_max'],
    })
    assert.deepEqual(parseWeatherRole('feature:season'), { kind: 'feature', family: 'season' })
    assert.deepEqual(parseWeatherRole('signal:markov'), { kind: 'signal', model: 'markov' })
    assert.deepEqual(parseWeatherRole('forecaster'), { kind: 'forecaster' })
    const noise = { kind: 'adversary', name: 'noise-seller' }
    assert.deepEqual(parseWeatherRole('noise-seller'), { ...noise, label: null })
    assert.deepEqual(parseWeatherRole('noise-seller:2'), { ...noise, label: '2' })
  })

  it('is refused with what is accepted', () => {
    for (const text of [
      '',
      'data',
      'data:',
      'data:rain',
      'data:wind,wind',
      'data:wind,',
      'feature:tides',
      'feature:toString',
      'signal:oracle',
      'signal:markov:2',
      'forecaster:rain',
      'noise-seller:many',
      'judge',
    ]) {
      assert.throws(() => parseWeatherRole(text), {
        name: 'ConfigError',
        message:
          /accepted: data:<columns>, of precipitation.*feature:.*season.*signal:.*markov.*forecaster$/,
      })
    }
  })

  it('has no more suppliers than an agent may pay', () => {
    const options = { agent: madeAgent('me'), history: [], seriesPath: 'unused' }
    const suppliers = Array.from({ length: 33 }, (_, index) => madeAgent(`s${index}`))
    assert.throws(() => createWeatherForecaster('signal:markov', { ...options, suppliers }), {
      message: /^suppliers: 33/,
    })
    createWeatherForecaster('signal:markov', { ...options, suppliers: suppliers.slice(0, 32) })
  })
})

describe('the supply chain', () => {
  it('has suppliers before those whom they supply, each role once', () => {
    const earlier = new Set<string>()
    for (const { role, suppliers } of WEATHER_CHAIN) {
      parseWeatherRole(role)
      assert.ok(!earlier.has(role))
      for (const supplier of suppliers) assert.ok(earlier.has(supplier), `${supplier} of ${role}`)
      earlier.add(role)
    }
  })
})
