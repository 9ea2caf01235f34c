import type { ModelQuery, Prediction, WeatherModel } from './model.ts'
import { likeliest, Tally, uniform } from './tally.ts'
import { WEATHER_OUTCOMES, type WeatherKind } from './topic.ts'
import { dayOfYear, WEATHER_CLASSES } from './weather-day.ts'

/** First and last day of the year, from 0, of the dry half of Seattle's year: May to September. */
const DRY_HALF = [120, 272] as const
/** Days that the wider table counts for in the narrower one. */
const PRIOR_COUNT = 8
const LONG_AGO_KEEP = 0.998

/** What follows what: how often each outcome came true after such a day, in this half of the year. Older days fade. */
export class MarkovModel implements WeatherModel {
  readonly names: readonly string[] = ['class', 'precipitation']
  readonly #outcomes: readonly string[]
  /** By what yesterday was like; the narrower tables by half of the year too. */
  readonly #tables = new Map<string, Tally>()

  constructor(kind: WeatherKind) {
    this.#outcomes = WEATHER_OUTCOMES[kind]
  }

  predict(query: ModelQuery): Prediction {
    let probabilities = uniform(this.#outcomes.length)
    for (const key of keysOf(query)) {
      const prior = probabilities
      probabilities = this.#tables.get(key)?.frequencies(prior, PRIOR_COUNT) ?? prior
    }
    const top = likeliest(probabilities)
    const percent = Math.round(100 * (probabilities[top] ?? 0))
    return {
      probabilities,
      reasoning: `After ${describe(query)}, ${percent} % of days were ${this.#outcomes[top]}, older ones counting less.`,
    }
  }

  learn(query: ModelQuery, outcome: number): void {
    for (const key of keysOf(query)) {
      const table = this.#tables.get(key) ?? new Tally(this.#outcomes.length, LONG_AGO_KEEP)
      table.add(outcome)
      this.#tables.set(key, table)
    }
  }
}

/** From the widest table to the narrowest. */
function keysOf(query: ModelQuery): readonly string[] {
  const half = isDryHalf(query.date) ? 'dry' : 'wet'
  const yesterday = yesterdayOf(query)
  return yesterday === null ? ['all', half] : ['all', yesterday, `${yesterday}/${half}`]
}

function yesterdayOf({ values }: ModelQuery): string | null {
  const weather = WEATHER_CLASSES[values.get('class') ?? -1]
  const precipitation = values.get('precipitation')
  if (weather === undefined) return null
  if (precipitation === undefined) return weather
  return precipitation > 0 ? `wet ${weather}` : `dry ${weather}`
}

function describe(query: ModelQuery): string {
  const half = `the ${isDryHalf(query.date) ? 'dry' : 'wet'} half of the year`
  const yesterday = yesterdayOf(query)
  return yesterday === null ? `any day in ${half}` : `a day of ${yesterday} in ${half}`
}

function isDryHalf(date: string): boolean {
  const day = dayOfYear(date)
  return day >= DRY_HALF[0] && day <= DRY_HALF[1]
}
