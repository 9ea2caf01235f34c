import { readText } from '../../../document.ts'
import { ConfigError } from '../../../errors.ts'
import {
  isDate,
  shiftDate,
  WEATHER_CLASSES,
  type WeatherColumn,
  type WeatherDay,
} from './weather-day.ts'

const HEADER = 'date,precipitation,temp_max,temp_min,wind,weather'
const TENTHS = /^-?\d{1,4}\.\d$/

/** Hands out the day before a date, and nothing else: what a data agent is given of the series. */
export type DayBefore = (date: string) => WeatherDay | null

/**
 * The days of a series, from its first one.
 *
 * @param before the first date that is not read: nothing of its line or of those below is looked at.
 * Errors  ConfigError, which names the line: another header, a field that is no measurement, a day that is missing or twice.
 */
export function loadWeatherDays(
  path: string,
  { before }: { readonly before?: string } = {},
): readonly WeatherDay[] {
  if (before !== undefined && !isDate(before)) {
    throw new ConfigError('before', before, 'a date such as 2014-03-02')
  }
  const days: WeatherDay[] = []
  for (const [index, line] of linesOf(path).entries()) {
    const date = dateOf(line)
    if (before !== undefined && isDate(date) && date >= before) break
    const day = parseDay(line, `${path}:${index + 2}`)
    const last = days.at(-1)
    if (last !== undefined && day.date !== shiftDate(last.date, 1)) {
      throw new ConfigError(`${path}:${index + 2}`, day.date, `the day after ${last.date}`)
    }
    days.push(day)
  }
  return days
}

/**
 * Opens a series for a data agent.
 *
 * Errors  ConfigError: another header. A line is read, and refused with a ConfigError, when its day is asked for.
 */
export function openWeatherFile(path: string): DayBefore {
  const places = new Map(linesOf(path).map((line, index) => [dateOf(line), { line, index }]))
  return (date) => {
    const place = places.get(shiftDate(date, -1))
    return place === undefined ? null : parseDay(place.line, `${path}:${place.index + 2}`)
  }
}

/** The lines below the header. */
function linesOf(path: string): readonly string[] {
  const [header, ...lines] = readText('weather', path).trimEnd().split(/\r?\n/)
  if (header !== HEADER) throw new ConfigError(`${path}:1`, header, HEADER)
  return lines
}

function dateOf(line: string): string {
  return line.slice(0, line.indexOf(','))
}

function parseDay(line: string, place: string): WeatherDay {
  const fields = line.split(',')
  const [date = '', precipitation, highest, lowest, wind, weather] = fields
  if (fields.length !== 6) throw new ConfigError(place, line, HEADER)
  if (!isDate(date)) throw new ConfigError(place, date, 'a date such as 2014-03-02')
  const weatherClass = WEATHER_CLASSES.findIndex((name) => name === weather)
  if (weatherClass === -1) {
    throw new ConfigError(`${place} weather`, weather, WEATHER_CLASSES.join(', '))
  }
  const tenths = (column: WeatherColumn, text: string | undefined): number => {
    if (text !== undefined && TENTHS.test(text)) return Number(text.replace('.', ''))
    throw new ConfigError(`${place} ${column}`, text, 'a number with one decimal')
  }
  return {
    date,
    columns: {
      precipitation: tenths('precipitation', precipitation),
      temp_max: tenths('temp_max', highest),
      temp_min: tenths('temp_min', lowest),
      wind: tenths('wind', wind),
      class: weatherClass,
    },
  }
}
