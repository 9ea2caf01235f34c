import { Belief } from './belief.ts'
import { type Coordinate, createCoordinates, namesOf } from './feature-vector.ts'
import type { ModelQuery, Prediction, Sample, WeatherModel } from './model.ts'
import { likeliest } from './tally.ts'
import { WEATHER_OUTCOMES, type WeatherKind } from './topic.ts'

/**
 * Logistic regression on all findings, one for each outcome against the rest, brought to the sum 1.
 *
 * What speaks for an outcome need not be what speaks against the next, so each has weights of its own.
 */
export class LogisticModel implements WeatherModel {
  readonly names: readonly string[]
  readonly #outcomes: readonly string[]
  readonly #coordinates: readonly Coordinate[]
  readonly #beliefs: readonly Belief[]

  constructor(kind: WeatherKind, history: readonly Sample[]) {
    this.names = namesOf(history)
    this.#outcomes = WEATHER_OUTCOMES[kind]
    this.#coordinates = createCoordinates(history, this.names)
    this.#beliefs = this.#outcomes.map(() => new Belief(this.#coordinates.length + 1))
  }

  predict(query: ModelQuery): Prediction {
    const vector = this.#vectorOf(query)
    const parts = this.#beliefs.map((belief) => belief.predict(vector))
    const whole = parts.reduce((sum, part) => sum + part, 0)
    const probabilities = parts.map((part) => part / whole)
    return { probabilities, reasoning: this.#explain(vector, likeliest(probabilities)) }
  }

  learn(query: ModelQuery, outcome: number): void {
    const vector = this.#vectorOf(query)
    for (const [index, belief] of this.#beliefs.entries()) belief.learn(vector, index === outcome)
  }

  #vectorOf(query: ModelQuery): readonly number[] {
    return [...this.#coordinates.map((coordinate) => coordinate.read(query)), 1]
  }

  /** Names what speaks most for an outcome, and most against it. */
  #explain(vector: readonly number[], outcome: number): string {
    const pulls = this.#coordinates.map(({ label }, place) => {
      const weight = this.#beliefs[outcome]?.weights[place] ?? 0
      return { label, pull: weight * (vector[place] ?? 0) }
    })
    const ordered = pulls.toSorted((a, b) => b.pull - a.pull)
    const [first, last] = [ordered[0], ordered.at(-1)]
    const name = this.#outcomes[outcome]
    if (first === undefined || last === undefined || first.pull <= 0) {
      return `Nothing that was found speaks for ${name}: it is the most frequent.`
    }
    const against = last.pull < 0 ? `, and "${last.label}" most against it` : ''
    return `Of ${pulls.length} things weighed, "${first.label}" speaks most for ${name}${against}.`
  }
}
