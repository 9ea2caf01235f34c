import type { OpenQuestion, Witness } from '../forecaster.ts'
import { outcomeOf, parseTopic } from './topic.ts'
import { shiftDate } from './weather-day.ts'
import type { DayBefore } from './weather-file.ts'

/** The registrar asserts what it asked about; where it does not, others do after so many heights. */
const PATIENCE_HEIGHTS = 8

/** Looks a day up in the series, once the day is past: a question is resolved then. */
export function createWitness(
  dayBefore: DayBefore,
  patienceHeights: number = PATIENCE_HEIGHTS,
): Witness {
  return {
    patienceHeights,
    saw({ topic: text }: OpenQuestion): number | null {
      const topic = parseTopic(text)
      const day = topic === null ? null : dayBefore(shiftDate(topic.date, 1))
      return topic === null || day === null ? null : outcomeOf(topic.kind, day.columns)
    },
  }
}
