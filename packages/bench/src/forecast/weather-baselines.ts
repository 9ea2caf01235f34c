import type { WeatherDay, WeatherKind } from '@commonweal/node/agent'
import type { Report } from '@commonweal/protocol'
import { toReport } from './to-report.ts'

/** Forecasts that need no agent: what the agents are measured against. */
export const BASELINES = ['climatology', 'persistence'] as const

export type Baseline = (typeof BASELINES)[number]

const OUTCOME_COUNTS: Readonly<Record<WeatherKind, number>> = { rain: 2, class: 5 }
const SEASON_DAYS = 15
const YEAR_DAYS = 365

/**
 * What a baseline reports about the day at an index of the series, from the days before it.
 *
 * Climatology: the frequencies among all days so far that lie at most 15 days from this one in the year. Persistence: the
 * frequencies among all days so far that came after a day with the outcome that yesterday had. Both with one day added to
 * each outcome (Laplace), and both clipped and rounded as every report is.
 */
export function baselineReport(
  baseline: Baseline,
  kind: WeatherKind,
  days: readonly WeatherDay[],
  index: number,
): Report {
  const today = days[index]
  const yesterday = days[index - 1]
  const counts = Array<number>(OUTCOME_COUNTS[kind]).fill(1)
  for (let past = 1; past < index; past++) {
    const [before, day] = [days[past - 1], days[past]]
    if (today === undefined || yesterday === undefined) continue
    if (before === undefined || day === undefined) continue
    const counted =
      baseline === 'climatology'
        ? daysApart(day.date, today.date) <= SEASON_DAYS
        : outcomeOn(kind, before) === outcomeOn(kind, yesterday)
    const outcome = outcomeOn(kind, day)
    if (counted) counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  const total = counts.reduce((sum, count) => sum + count, 0)
  return toReport(counts.map((count) => count / total))
}

/** Which outcome came true on a day: 0 for rain, or the place of the class. */
export function outcomeOn(kind: WeatherKind, { columns }: WeatherDay): number {
  return kind === 'class' ? columns.class : Number(columns.precipitation === 0)
}

function daysApart(one: string, other: string): number {
  const [first, second] = [one, other].map(
    (date) => (Date.parse(date) - Date.parse(date.slice(0, 4))) / 86_400_000,
  )
  const apart = Math.abs((first ?? 0) - (second ?? 0))
  return Math.min(apart, YEAR_DAYS - apart)
}
