import { Random } from '../simulator/engine/random.ts'
import { formatCsv } from './csv.ts'
import { FORECAST_FIELDS, QUESTION_FIELDS } from './import-questions.ts'
import { createWorld, type WorldQuestion } from './world.ts'

/** The two files of the example, as text. */
export interface ExampleQuestions {
  readonly questions: string
  readonly forecasts: string
}

/** How many lie in the repository: too few to tell skill from luck, as its README says. */
export const EXAMPLE_QUESTION_COUNT = 20
/** How many throws of each question's coin every forecaster sees before each of two weeks. The last makes too much of it. */
const FORECASTERS = [
  { name: 'sees-1-throw', throwCount: 1 },
  { name: 'sees-2-throws', throwCount: 2 },
  { name: 'sees-4-throws', throwCount: 4 },
  { name: 'sees-8-throws', throwCount: 8 },
  { name: 'sees-16-throws', throwCount: 16 },
  { name: 'sees-2-throws-too', throwCount: 2 },
  { name: 'sees-4-and-shouts', throwCount: 4 },
] as const
const SHOUTER = 'sees-4-and-shouts'
/** How much a shouter makes of its evidence: log odds times three. */
const SHOUT = 3
/** One forecast in ten is not made. */
const ABSENT_PPM = 100_000
const DAY_MS = 86_400_000
const START_MS = Date.UTC(2024, 0, 1)

/**
 * Makes up questions about coins with hidden biases, so that who should lead is known: who sees more throws knows more.
 *
 * Result  with EXAMPLE_QUESTION_COUNT what lies in packages/bench/data/example-questions; a test compares.
 */
export function createExampleQuestions(questionCount: number): ExampleQuestions {
  const random = new Random('example', 'absent')
  const world = createWorld({
    seed: 'example',
    questionCount,
    snapshotCount: 2,
    coinsPerSnapshot: FORECASTERS.map(({ throwCount }) => throwCount),
  })
  const questions = world.map(({ firstCameTrue }, index) => [
    nameOf(index),
    `Synthetic: does coin ${index + 1} fall heads?`,
    'heads|tails',
    dateOf(index * 3),
    dateOf(index * 3 + 14),
    firstCameTrue ? '0' : '1',
  ])
  const forecasts = world.flatMap((question, index) =>
    [0, 1].flatMap((week) => {
      const day = dateOf(index * 3 + week * 7)
      const said = FORECASTERS.flatMap(({ name }, place) => {
        if (random.chance(ABSENT_PPM)) return []
        const belief = question.beliefs[place]?.[week] ?? 0.5
        const heads = name === SHOUTER ? shout(belief) : belief
        return [[nameOf(index), name, 'survey', day, formatBoth(heads)]]
      })
      const price = formatBoth(priceOf(question, week))
      return [...said, [nameOf(index), 'market', 'trade-price-after', day, price]]
    }),
  )
  return {
    questions: formatCsv([QUESTION_FIELDS, ...questions]),
    forecasts: formatCsv([FORECAST_FIELDS, ...forecasts]),
  }
}

function nameOf(index: number): string {
  return `coin-${String(index + 1).padStart(2, '0')}`
}

function dateOf(day: number): string {
  return new Date(START_MS + day * DAY_MS).toISOString().slice(0, 10)
}

/** The market is a bettor that has seen what the two best have. */
function priceOf({ beliefs }: WorldQuestion, week: number): number {
  return ((beliefs[3]?.[week] ?? 0.5) + (beliefs[4]?.[week] ?? 0.5)) / 2
}

function shout(belief: number): number {
  const odds = (belief / (1 - belief)) ** SHOUT
  return odds / (1 + odds)
}

function formatBoth(heads: number): string {
  const percent = Math.round(heads * 100)
  return `${(percent / 100).toFixed(2)}|${((100 - percent) / 100).toFixed(2)}`
}
