import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { DayBook } from './day-book.ts'
import { deriveAll, featureFamilies } from './features.ts'
import { madeDays } from './made-days.ts'
import { shiftDate } from './weather-day.ts'

const FIRST = '2014-03-01'

describe('what is derived of the days before', () => {
  it('counts for how long it has rained, or not', () => {
    const runAfter = (rain: readonly number[]): number | undefined => {
      const days = madeDays(FIRST, rain.length, (index) => ({ precipitation: rain[index] ?? 0 }))
      const recall = new DayBook(days).recallWith('', [])
      const found = featureFamilies.persistence(shiftDate(FIRST, rain.length), recall)
      return found.find(({ name }) => name === 'rain_run')?.value
    }
    assert.equal(runAfter([0, 5, 1]), 2)
    assert.equal(runAfter([5, 0, 0, 0]), -3)
    assert.equal(runAfter(Array<number>(40).fill(1)), 14)
    assert.equal(runAfter([]), undefined)
  })

  it('takes means over windows, and leaves out what a day is missing for', () => {
    const days = madeDays(FIRST, 4, (index) => ({ precipitation: index, wind: 10 * index }))
    const found = featureFamilies.rolling(shiftDate(FIRST, 4), new DayBook(days).recallWith('', []))
    assert.deepEqual(found, [
      { name: 'precipitation_mean_3', value: 2 },
      { name: 'temp_max_mean_3', value: 150 },
      { name: 'temp_min_mean_3', value: 50 },
      { name: 'wind_mean_3', value: 20 },
      { name: 'rain_days_3', value: 3 },
    ])
  })

  it('takes range and change of temperature and wind', () => {
    const days = madeDays(FIRST, 2, (index) => ({ temp_max: 100 + 40 * index, wind: 30 - index }))
    const found = featureFamilies.pressure(
      shiftDate(FIRST, 2),
      new DayBook(days).recallWith('', []),
    )
    assert.deepEqual(Object.fromEntries(found.map(({ name, value }) => [name, value])), {
      temp_max_change: 40,
      temp_min_change: 0,
      wind_change: -1,
      temp_range: 90,
      temp_range_change: 40,
      wind_by_range: 290,
    })
  })

  it('has the season in thousandths', () => {
    const found = featureFamilies.season('2014-01-01', () => undefined)
    assert.deepEqual(
      found.map(({ value }) => value),
      [0, 1_000, 0, 1_000],
    )
  })

  it('never looks at the day that is asked about, nor later', () => {
    const offset = fc.integer({ min: 0, max: 1_460 })
    fc.assert(
      fc.property(offset, fc.integer({ min: 0, max: 99 }), (days, value) => {
        const date = shiftDate('2012-01-01', days)
        deriveAll(date, (day) => {
          assert.ok(day < date)
          return value
        })
      }),
    )
  })
})
