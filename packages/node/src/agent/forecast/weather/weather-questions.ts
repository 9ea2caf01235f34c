import type { DataRecord, Digest, QuestionBody } from '@commonweal/protocol'
import { toReport } from '../to-report.ts'
import { Tally, uniform } from './tally.ts'
import {
  formatTopic,
  outcomeOf,
  WEATHER_KINDS,
  WEATHER_OUTCOMES,
  type WeatherKind,
} from './topic.ts'
import { isSameSeason, WEATHER_COLUMNS, type WeatherDay } from './weather-day.ts'

/** A question whose opener has yet to say when it opens and closes. */
export type UndatedQuestion = Omit<QuestionBody, 'openHeight' | 'snapshots' | 'resolveHeight'>

export interface WeatherQuestionPlan {
  readonly date: string
  /** Days that are public before any question opens: what the house goes by. */
  readonly history: readonly WeatherDay[]
  /** Root of the data set of {@link weatherRecords}, and the place of the day in it. */
  readonly root: Digest
  readonly index: number
  readonly weight: number
}

/** Days before and after the day of the year that the house takes for the same season. */
const SEASON_DAYS = 15

/** "Does it rain?" and "what class of weather?", of one day. */
export function createWeatherQuestions(plan: WeatherQuestionPlan): readonly UndatedQuestion[] {
  return WEATHER_KINDS.map((kind) => createQuestion(kind, plan))
}

/** The series as a data set: a record for each day, columns by name. [RES-1] */
export function weatherRecords(days: readonly WeatherDay[]): readonly DataRecord[] {
  return days.map(({ date, columns }) => ({
    key: date,
    columns: WEATHER_COLUMNS.toSorted().map((name) => ({ name, value: columns[name] })),
  }))
}

function createQuestion(kind: WeatherKind, plan: WeatherQuestionPlan): UndatedQuestion {
  const { date, history, root, index, weight } = plan
  const outcomes = WEATHER_OUTCOMES[kind]
  const tally = new Tally(outcomes.length)
  for (const day of history) {
    if (isSameSeason(day.date, date, SEASON_DAYS)) tally.add(outcomeOf(kind, day.columns))
  }
  return {
    topic: formatTopic({ date, kind }),
    outcomes,
    referenceBps: toReport(tally.frequencies(uniform(outcomes.length), outcomes.length)),
    weight,
    ...(kind === 'rain'
      ? {
          text: `Will it rain or snow in Seattle on ${date}, any measured amount?`,
          resolver: {
            kind: 'function',
            root,
            index,
            columns: ['precipitation'],
            expression: 'precipitation > 0 ? 0 : 1',
          },
        }
      : {
          text: `What class of weather will Seattle have on ${date}?`,
          resolver: { kind: 'dataset', root, index, column: 'class' },
        }),
  }
}
