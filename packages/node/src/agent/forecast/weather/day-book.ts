import type { Finding } from '@commonweal/protocol'
import { WEATHER_COLUMNS, type WeatherColumn, type WeatherDay } from './weather-day.ts'

/** What was measured on a day, where that is known. */
export type Recall = (date: string, column: WeatherColumn) => number | undefined

/** All that an agent knows of the days so far: the public history, and what data agents told it since. */
export class DayBook {
  readonly #days: Map<string, Partial<Record<WeatherColumn, number>>>

  constructor(history: readonly WeatherDay[]) {
    this.#days = new Map(history.map(({ date, columns }) => [date, columns]))
  }

  /** Keeps the columns among these findings as measurements of a day. */
  note(date: string, findings: readonly Finding[]): void {
    this.#days.set(date, { ...this.#days.get(date), ...columnsOf(findings) })
  }

  /** What is known, with these findings about one more day that are not kept. */
  recallWith(date: string, findings: readonly Finding[]): Recall {
    const told = columnsOf(findings)
    return (day, column) =>
      (day === date ? told[column] : undefined) ?? this.#days.get(day)?.[column]
  }
}

function columnsOf(findings: readonly Finding[]): Partial<Record<WeatherColumn, number>> {
  const columns: Partial<Record<WeatherColumn, number>> = {}
  for (const column of WEATHER_COLUMNS) {
    const finding = findings.find(({ name }) => name === column)
    if (finding !== undefined) columns[column] = finding.value
  }
  return columns
}
