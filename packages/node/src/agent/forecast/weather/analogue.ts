import { type Coordinate, createCoordinates } from './feature-vector.ts'
import type { ModelQuery, Prediction, Sample, WeatherModel } from './model.ts'
import { likeliest, Tally, uniform } from './tally.ts'
import { WEATHER_OUTCOMES, type WeatherKind } from './topic.ts'

const NEIGHBOUR_COUNT = 40
const NAMES = [
  'class',
  'precipitation',
  'temp_max',
  'temp_min',
  'wind',
  'temp_range',
  'season_sin_1',
  'season_cos_1',
  'rain_days_3',
  'rain_run',
]

/** What came after the days that were most like yesterday, by the sum of squares of how coordinates differ. */
export class AnalogueModel implements WeatherModel {
  readonly names: readonly string[] = NAMES
  readonly #outcomes: readonly string[]
  readonly #coordinates: readonly Coordinate[]
  readonly #past: { readonly vector: readonly number[]; readonly outcome: number }[] = []
  readonly #all: Tally

  constructor(kind: WeatherKind, history: readonly Sample[]) {
    this.#outcomes = WEATHER_OUTCOMES[kind]
    this.#coordinates = createCoordinates(history, NAMES)
    this.#all = new Tally(this.#outcomes.length)
  }

  predict(query: ModelQuery): Prediction {
    const vector = this.#vectorOf(query)
    const nearest = this.#past
      .map((day) => ({ distance: distanceOf(day.vector, vector), outcome: day.outcome }))
      .toSorted((a, b) => a.distance - b.distance)
      .slice(0, NEIGHBOUR_COUNT)
    const count = this.#outcomes.length
    const tally = new Tally(count)
    for (const { outcome } of nearest) tally.add(outcome)
    const probabilities = tally.frequencies(this.#all.frequencies(uniform(count), count), count)
    const top = likeliest(probabilities)
    return {
      probabilities,
      reasoning: `Of the ${nearest.length} days before which it was most like yesterday, ${tally.countOf(top)} were ${this.#outcomes[top]}.`,
    }
  }

  learn(query: ModelQuery, outcome: number): void {
    this.#past.push({ vector: this.#vectorOf(query), outcome })
    this.#all.add(outcome)
  }

  #vectorOf(query: ModelQuery): readonly number[] {
    return this.#coordinates.map((coordinate) => coordinate.read(query))
  }
}

function distanceOf(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, place) => sum + (value - (other[place] ?? 0)) ** 2, 0)
}
