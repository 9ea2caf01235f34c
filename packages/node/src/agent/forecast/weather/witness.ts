import type { OpenQuestion, Witness } from '../forecaster.ts'
import { outcomeOf, parseTopic, WEATHER_OUTCOMES, type WeatherTopic } from './topic.ts'
import { shiftDate } from './weather-day.ts'
import type { DayBefore } from './weather-file.ts'

/** The registrar asserts what it asked about; where it does not, others do after so many heights. */
const PATIENCE_HEIGHTS = 8

/**
 * Looks a day up in the series, once the day is past: a question is resolved then. Whoever asks writes topic and outcomes: what
 * stands under a topic with other outcomes, or in another order, nobody here has seen.
 */
export function createWitness(
  dayBefore: DayBefore,
  patienceHeights: number = PATIENCE_HEIGHTS,
): Witness {
  return {
    patienceHeights,
    saw({ topic: text, outcomes }: OpenQuestion): number | null {
      const topic = parseTopic(text)
      if (topic === null || !isAskedAs(topic, outcomes)) return null
      const day = dayBefore(shiftDate(topic.date, 1))
      return day === null ? null : outcomeOf(topic.kind, day.columns)
    },
  }
}

function isAskedAs({ kind }: WeatherTopic, outcomes: readonly string[]): boolean {
  const own = WEATHER_OUTCOMES[kind]
  return outcomes.length === own.length && own.every((name, index) => outcomes[index] === name)
}
