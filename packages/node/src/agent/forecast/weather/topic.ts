import { isDate, WEATHER_CLASSES } from './weather-day.ts'

/** What is asked about a day: whether it rains, and the class of its weather. */
export const WEATHER_KINDS = ['rain', 'class'] as const

export type WeatherKind = (typeof WEATHER_KINDS)[number]

/** What a question about the weather is about. */
export interface WeatherTopic {
  readonly date: string
  readonly kind: WeatherKind
}

/** Outcomes of each kind, in order. */
export const WEATHER_OUTCOMES: Readonly<Record<WeatherKind, readonly string[]>> = {
  rain: ['rain', 'dry'],
  class: WEATHER_CLASSES,
}

const TOPIC = /^seattle\/([^/]+)\/([^/]+)$/

/** As `seattle/2014-03-02/rain`. */
export function formatTopic({ date, kind }: WeatherTopic): string {
  return `seattle/${date}/${kind}`
}

/** Null for a question about something else. */
export function parseTopic(text: string): WeatherTopic | null {
  const [, date = '', name = ''] = TOPIC.exec(text) ?? []
  const kind = WEATHER_KINDS.find((known) => known === name)
  return kind !== undefined && isDate(date) ? { date, kind } : null
}

/** Which outcome of a kind came true on a day. */
export function outcomeOf(
  kind: WeatherKind,
  columns: { readonly precipitation: number; readonly class: number },
): number {
  if (kind === 'class') return columns.class
  return columns.precipitation > 0 ? 0 : 1
}
