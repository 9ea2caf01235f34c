import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { shiftDate, type WeatherDay } from '@commonweal/node/agent'
import { baselineReport } from './weather-baselines.ts'

/** Days from 2012-01-01 on, wet where there is a 1. */
function daysOf(rain: readonly number[]): readonly WeatherDay[] {
  return rain.map((precipitation, index) => ({
    date: shiftDate('2012-01-01', index),
    columns: {
      precipitation,
      temp_max: 0,
      temp_min: 0,
      wind: 0,
      class: precipitation === 1 ? 2 : 4,
    },
  }))
}

describe('a baseline', () => {
  it('of climatology counts days within fifteen of the day of the year, and one of each outcome', () => {
    const days = daysOf([...Array<number>(20).fill(1), ...Array<number>(20).fill(0), 1])
    assert.deepEqual(baselineReport('climatology', 'rain', days, 40), [588, 9_412], '0 of 15')
    assert.deepEqual(baselineReport('climatology', 'rain', days, 20), [9_412, 588], '15 of 15')
    const report = baselineReport('climatology', 'class', days, 40)
    assert.deepEqual(report, [500, 500, 500, 500, 8_000])
  })

  it('of persistence counts what came after days like yesterday', () => {
    const days = daysOf([1, 1, 0, 1, 1, 0, 0, 1])
    assert.deepEqual(baselineReport('persistence', 'rain', days, 7), [5_000, 5_000], 'of 2: 1')
    assert.deepEqual(baselineReport('persistence', 'rain', days, 5), [6_000, 4_000], 'of 3: 2')
  })

  it('is the same whatever the day itself and later ones are', () => {
    const past = [1, 0, 0, 1, 1, 0]
    for (const baseline of ['climatology', 'persistence'] as const) {
      assert.deepEqual(
        baselineReport(baseline, 'rain', daysOf([...past, 0, 0]), past.length),
        baselineReport(baseline, 'rain', daysOf([...past, 1, 1]), past.length),
      )
    }
  })
})
