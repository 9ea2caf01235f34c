import { writeFile } from 'node:fs/promises'
import {
  bootstrapMean,
  byClosing,
  byOpening,
  countLate,
  countRoles,
  formatCsv,
  type ImportedQuestions,
  type Interval,
  MARKET_ROLE,
  type MeanScore,
  type Replication,
  type ResolvedQuestion,
  replicate,
  type Standing,
  scoreOfLast,
} from '@commonweal/bench/forecast'
import { formatPath } from '../invocation.ts'
import { createOutput, type Output } from '../output.ts'
import { printable, readQuestionFiles } from '../question-files.ts'
import { renderForecastImport } from '../result/render-forecast-import.ts'
import { CommandError, UsageError } from '../usage-error.ts'

export const QUESTION_ORDERS = ['open', 'close', 'file'] as const

export interface ForecastImportFlags {
  readonly role?: string
  readonly order: (typeof QUESTION_ORDERS)[number]
  readonly house?: number
  readonly out?: string
  readonly json: boolean
}

/** All that the command has to say. */
export interface ForecastImportReport {
  readonly folder: string
  readonly role: string
  readonly order: ForecastImportFlags['order']
  readonly houseShare: number | null
  readonly questionCount: number
  /** Forecasts that were made when their question had closed; they do not count. */
  readonly lateCount: number
  readonly replication: Replication
  /** How much less the weighted pool lost a question, with its 95 % interval over questions. */
  readonly gain: Interval
  /** The market at close; null where no prices are given. */
  readonly market: MeanScore | null
}

const PROGRESS_AFTER_MS = 2_000
const PROGRESS_EVERY_MS = 100

/** Plays a folder of resolved questions through the network's update and shows who was good at them. */
export async function runForecastImport(
  folder: string,
  flags: ForecastImportFlags,
  output: Output = createOutput(flags),
): Promise<void> {
  output.status(`reading ${formatPath(folder)} …`)
  const imported = await readQuestionFiles(folder)
  const role = chooseRole(imported, flags.role)
  const replication = replicate(orderOf(flags.order, imported.questions), imported, {
    role,
    ...(flags.house === undefined ? {} : { houseShare: flags.house }),
    onQuestion: createProgress(output, imported.questions.length),
  })
  if (replication === null) {
    throw new UsageError(`nobody in the role ${printable(role)} said anything before a close`)
  }
  const report: ForecastImportReport = {
    folder,
    role,
    order: flags.order,
    houseShare: flags.house ?? null,
    questionCount: imported.questions.length,
    lateCount: countLate(imported),
    replication,
    gain: bootstrapMean(replication.gains, 'forecast-import'),
    market: scoreOfLast(imported.questions, imported, MARKET_ROLE),
  }
  output.clearStatus()
  if (flags.out !== undefined) await writeStandings(flags.out, replication.standings)
  output.json(report)
  output.lines(renderForecastImport(report, output.style))
  if (flags.out !== undefined) output.lines(['', `The whole leaderboard: ${formatPath(flags.out)}`])
}

function chooseRole(imported: ImportedQuestions, wanted: string | undefined): string {
  const roles = countRoles(imported)
  const chosen = roles.find(({ role }) => wanted === undefined || role === wanted)
  if (chosen !== undefined) return chosen.role
  if (wanted === undefined) throw new UsageError('forecasts.csv has no forecast')
  const accepted = roles.map(({ role, forecasterCount }) => `${role} (${forecasterCount})`)
  throw new UsageError(
    printable(`--role ${wanted}: nobody has it; accepted are ${accepted.join(', ')}`),
  )
}

function orderOf(
  order: ForecastImportFlags['order'],
  questions: readonly ResolvedQuestion[],
): readonly ResolvedQuestion[] {
  switch (order) {
    case 'open':
      return byOpening(questions)
    case 'close':
      return byClosing(questions)
    case 'file':
      return questions
  }
}

/** A status line for who has to wait. */
function createProgress(output: Output, questionCount: number): (doneCount: number) => void {
  let nextAtMs = performance.now() + PROGRESS_AFTER_MS
  return (doneCount) => {
    if (performance.now() < nextAtMs) return
    nextAtMs = performance.now() + PROGRESS_EVERY_MS
    output.status(`scored ${doneCount} of ${questionCount} questions`)
  }
}

async function writeStandings(file: string, standings: readonly Standing[]): Promise<void> {
  const header = [
    'rank',
    'forecaster',
    'questions',
    'kelly_total',
    'kelly_error',
    'weight_growth',
    'weight_micro',
  ]
  const rows = standings.map((standing, index) => [
    String(index + 1),
    standing.name,
    String(standing.questionCount),
    String(standing.kellyTotal ?? ''),
    String(standing.kellyError ?? ''),
    String(standing.growth),
    String(standing.weightMicro),
  ])
  await writeFile(file, formatCsv([header, ...rows])).catch((cause: unknown) => {
    throw new CommandError(`cannot write ${formatPath(file)}`, { cause })
  })
}
