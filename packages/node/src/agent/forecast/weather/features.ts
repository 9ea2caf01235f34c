import type { Finding } from '@commonweal/protocol'
import type { Recall } from './day-book.ts'
import { dayOfYear, shiftDate, type WeatherColumn } from './weather-day.ts'

/** Findings about a day from what was measured before it; what would need a measurement that is missing is left out. */
export type Derive = (date: string, recall: Recall) => readonly Finding[]

const SCALE = 1_000
const RUN_MAX = 14
const YEAR_DAYS = 365.25
const WINDOWS = [3, 7]

/** What feature agents derive. */
export type FeatureFamily = 'season' | 'persistence' | 'rolling' | 'pressure'

export const featureFamilies: Readonly<Record<FeatureFamily, Derive>> = {
  season,
  persistence,
  rolling,
  pressure,
}

/** All families, in order. */
export function deriveAll(date: string, recall: Recall): readonly Finding[] {
  return Object.values(featureFamilies).flatMap((derive) => derive(date, recall))
}

/** Sine and cosine of the time of the year and of twice that, in thousandths. */
function season(date: string): readonly Finding[] {
  const angle = (2 * Math.PI * dayOfYear(date)) / YEAR_DAYS
  return [1, 2].flatMap((harmonic) => [
    { name: `season_sin_${harmonic}`, value: Math.round(SCALE * Math.sin(harmonic * angle)) },
    { name: `season_cos_${harmonic}`, value: Math.round(SCALE * Math.cos(harmonic * angle)) },
  ])
}

/** For how many days, up to fourteen, it has rained (below 0: not rained) and the class has been the same. */
function persistence(date: string, recall: Recall): readonly Finding[] {
  const findings: Finding[] = []
  const yesterday = recall(shiftDate(date, -1), 'precipitation')
  if (yesterday !== undefined) {
    const isWet = yesterday > 0
    const run = runLength(date, (day) => {
      const value = recall(day, 'precipitation')
      return value !== undefined && value > 0 === isWet
    })
    findings.push({ name: 'rain_run', value: isWet ? run : -run })
  }
  const weather = recall(shiftDate(date, -1), 'class')
  if (weather !== undefined) {
    const value = runLength(date, (day) => recall(day, 'class') === weather)
    findings.push({ name: 'class_run', value })
  }
  return findings
}

function runLength(date: string, isSame: (day: string) => boolean): number {
  let run = 0
  while (run < RUN_MAX && isSame(shiftDate(date, -run - 1))) run += 1
  return run
}

/** Means over the last three and seven days, and on how many of these it rained. */
function rolling(date: string, recall: Recall): readonly Finding[] {
  return WINDOWS.flatMap((days) => {
    const means = (['precipitation', 'temp_max', 'temp_min', 'wind'] as const).flatMap((column) => {
      const values = lastValues(date, days, column, recall)
      return values === null ? [] : [{ name: `${column}_mean_${days}`, value: meanOf(values) }]
    })
    const wet = lastValues(date, days, 'precipitation', recall)
    if (wet === null) return means
    return [...means, { name: `rain_days_${days}`, value: wet.filter((value) => value > 0).length }]
  })
}

function lastValues(
  date: string,
  days: number,
  column: WeatherColumn,
  recall: Recall,
): readonly number[] | null {
  const values: number[] = []
  for (let back = 1; back <= days; back++) {
    const value = recall(shiftDate(date, -back), column)
    if (value === undefined) return null
    values.push(value)
  }
  return values
}

function meanOf(values: readonly number[]): number {
  return Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)
}

/**
 * What stands in for the pressure of the air, which nobody measured: the range of the temperature, which clouds narrow; how
 * range, temperatures and wind changed since the day before; and wind by range, which is high before and in a front.
 */
function pressure(date: string, recall: Recall): readonly Finding[] {
  const findings: Finding[] = []
  const [last, before] = [shiftDate(date, -1), shiftDate(date, -2)]
  for (const column of ['temp_max', 'temp_min', 'wind'] as const) {
    const [now, then] = [recall(last, column), recall(before, column)]
    if (now !== undefined && then !== undefined) {
      findings.push({ name: `${column}_change`, value: now - then })
    }
  }
  const range = rangeOf(last, recall)
  if (range === undefined) return findings
  findings.push({ name: 'temp_range', value: range })
  const earlier = rangeOf(before, recall)
  if (earlier !== undefined) findings.push({ name: 'temp_range_change', value: range - earlier })
  const wind = recall(last, 'wind')
  if (wind !== undefined) {
    findings.push({ name: 'wind_by_range', value: Math.round((SCALE * wind) / (range + 10)) })
  }
  return findings
}

function rangeOf(date: string, recall: Recall): number | undefined {
  const [highest, lowest] = [recall(date, 'temp_max'), recall(date, 'temp_min')]
  return highest === undefined || lowest === undefined ? undefined : highest - lowest
}
