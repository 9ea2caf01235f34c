import { DayBook } from './day-book.ts'
import { deriveAll } from './features.ts'
import { outcomeOf, type WeatherKind } from './topic.ts'
import { shiftDate, WEATHER_COLUMNS, type WeatherDay } from './weather-day.ts'

/** What a model is asked: about which day, and what is known the day before. */
export interface ModelQuery {
  readonly date: string
  /** Findings by name; any may be missing. */
  readonly values: ReadonlyMap<string, number>
}

/** Probabilities by outcome, with the sum 1, and why, in a sentence for people. */
export interface Prediction {
  readonly probabilities: readonly number[]
  readonly reasoning: string
}

/** An online model of one kind of question. What it has learned follows from the outcomes that it was shown, in order. */
export interface WeatherModel {
  /** Findings that it looks at. */
  readonly names: readonly string[]
  predict(query: ModelQuery): Prediction
  learn(query: ModelQuery, outcome: number): void
}

/** A day of the public history, as a model would have been asked about it, and what came true. */
export interface Sample extends ModelQuery {
  readonly outcomes: Readonly<Record<WeatherKind, number>>
}

/** Every day of a history but the first, of which nothing is known the day before. */
export function samplesOf(history: readonly WeatherDay[]): readonly Sample[] {
  const recall = new DayBook(history).recallWith('', [])
  return history.slice(1).map(({ date, columns }) => {
    const yesterday = shiftDate(date, -1)
    const measured = WEATHER_COLUMNS.flatMap((name) => {
      const value = recall(yesterday, name)
      return value === undefined ? [] : [{ name, value }]
    })
    const known = [...measured, ...deriveAll(date, recall)]

    return {
      date,
      values: new Map(known.map(({ name, value }) => [name, value])),
      outcomes: { rain: outcomeOf('rain', columns), class: outcomeOf('class', columns) },
    }
  })
}
