import type { ModelQuery, Sample } from './model.ts'
import { WEATHER_CLASSES } from './weather-day.ts'

/** Standard deviations beyond which a value is cut: neither a storm nor a false finding rules a model. */
const DEVIATIONS_MAX = 3

/** One coordinate of a vector: a finding, or one class of the finding `class`. */
export interface Coordinate {
  readonly label: string
  read(query: ModelQuery): number
}

/**
 * Findings as coordinates with mean 0 and deviation 1 in the public history, which stay as they are: what agents say later
 * does not move the scale. A finding that is missing is at its mean.
 */
export function createCoordinates(
  history: readonly Sample[],
  names: readonly string[],
): readonly Coordinate[] {
  return [
    ...names.filter((name) => name !== 'class').map((name) => standardised(name, history)),
    ...(names.includes('class') ? WEATHER_CLASSES.map((name, place) => isClass(name, place)) : []),
  ]
}

/** All names that occur in a history. */
export function namesOf(history: readonly Sample[]): readonly string[] {
  return [...new Set(history.flatMap(({ values }) => [...values.keys()]))]
}

function standardised(name: string, history: readonly Sample[]): Coordinate {
  const transform = name.startsWith('precipitation') ? Math.log1p : (value: number) => value
  const known = history.flatMap(({ values }) => {
    const value = values.get(name)
    return value === undefined ? [] : [transform(value)]
  })
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length)
  const variance =
    known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, known.length)
  const scale = variance > 0 ? Math.sqrt(variance) : 1
  return {
    label: name,
    read: ({ values }) => {
      const value = values.get(name)
      if (value === undefined) return 0
      const deviations = (transform(value) - mean) / scale
      return Math.max(-DEVIATIONS_MAX, Math.min(DEVIATIONS_MAX, deviations))
    },
  }
}

function isClass(weather: string, place: number): Coordinate {
  return {
    label: `yesterday was ${weather}`,
    read: ({ values }) => (values.get('class') === place ? 1 : 0),
  }
}
