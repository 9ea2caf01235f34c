import type { ModelQuery, Prediction, WeatherModel } from './model.ts'
import { likeliest, Tally, uniform } from './tally.ts'
import { WEATHER_OUTCOMES, type WeatherKind } from './topic.ts'
import { isSameSeason } from './weather-day.ts'

/** Days before and after the day of the year that count as its season. */
const WINDOW_DAYS = 20

/** How often each outcome came true around this day of the year, with one day of each added (Laplace). */
export class ClimatologyModel implements WeatherModel {
  readonly names: readonly string[] = []
  readonly #outcomes: readonly string[]
  readonly #past: { readonly date: string; readonly outcome: number }[] = []

  constructor(kind: WeatherKind) {
    this.#outcomes = WEATHER_OUTCOMES[kind]
  }

  predict({ date }: ModelQuery): Prediction {
    const count = this.#outcomes.length
    const tally = new Tally(count)
    for (const day of this.#past) {
      if (isSameSeason(day.date, date, WINDOW_DAYS)) tally.add(day.outcome)
    }
    const probabilities = tally.frequencies(uniform(count), count)
    const top = likeliest(probabilities)
    return {
      probabilities,
      reasoning: `Around this day of the year, ${tally.countOf(top)} of ${tally.total} days were ${this.#outcomes[top]}.`,
    }
  }

  learn({ date }: ModelQuery, outcome: number): void {
    this.#past.push({ date, outcome })
  }
}
