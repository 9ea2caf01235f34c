/** The classes of a day's weather; their places are the outcomes of a class question. */
export const WEATHER_CLASSES = ['drizzle', 'fog', 'rain', 'snow', 'sun'] as const

/**
 * What is measured of a day, all whole numbers: precipitation in tenths of a millimetre, temperatures in tenths of a degree
 * Celsius, wind in tenths of a metre per second, and the class as its place among {@link WEATHER_CLASSES}.
 */
export const WEATHER_COLUMNS = ['precipitation', 'temp_max', 'temp_min', 'wind', 'class'] as const

export type WeatherColumn = (typeof WEATHER_COLUMNS)[number]

/** One line of the series. */
export interface WeatherDay {
  /** As 2014-03-02. */
  readonly date: string
  readonly columns: Readonly<Record<WeatherColumn, number>>
}

const DAY_MS = 86_400_000
const DATE = /^\d{4}-\d\d-\d\d$/

/** Whether this is a date of the calendar, written as 2014-03-02. */
export function isDate(text: string): boolean {
  return DATE.test(text) && shiftDate(text, 0) === text
}

/** The date some days later, or earlier; empty for what is no date. */
export function shiftDate(date: string, days: number): string {
  const atMs = Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(atMs) ? '' : new Date(atMs + days * DAY_MS).toISOString().slice(0, 10)
}

/** Days since 1 January, from 0. */
export function dayOfYear(date: string): number {
  return (Date.parse(`${date}T00:00:00Z`) - Date.parse(`${date.slice(0, 4)}-01-01`)) / DAY_MS
}

/** Whether two dates lie at most this many days apart in the year, whichever year they are of. */
export function isSameSeason(one: string, other: string, daysMax: number): boolean {
  const apart = Math.abs(dayOfYear(one) - dayOfYear(other))
  return Math.min(apart, 365 - apart) <= daysMax
}
