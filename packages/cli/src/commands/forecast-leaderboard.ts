import { fitTable } from '../forecast/fit-table.ts'
import { computeLeaderboard, type LeaderboardRow, type Ranking } from '../forecast/leaderboard.ts'
import { loadMarket, type Market } from '../forecast/load-market.ts'
import { resolvedQuestions } from '../forecast/market-history.ts'
import { formatScore } from '../forecast/score-text.ts'
import { createOutput, type Output } from '../output.ts'
import { count } from '../result/render-report.ts'
import { type Column, wrap } from '../table.ts'
import { formatTokens } from '../tokens.ts'
import type { NetworkFlags } from './ps.ts'

export interface LeaderboardFlags extends NetworkFlags {
  readonly top: number
  readonly by: Ranking
}

/** Shows who is good at forecasting, and what each was paid and keeps. */
export async function runForecastLeaderboard(
  flags: LeaderboardFlags,
  output: Output = createOutput(flags),
): Promise<void> {
  showLeaderboard(await loadMarket(flags, output), flags, output)
}

export function showLeaderboard(
  { history, view, nameOf }: Market,
  { top, by }: Pick<LeaderboardFlags, 'top' | 'by'>,
  output: Output,
): void {
  const questionCount = resolvedQuestions(history).length
  const rows = computeLeaderboard(history, view, nameOf, by)
  const firstEpoch = history.emissions[0]?.epoch ?? null
  output.json({
    height: view.height,
    epoch: view.epoch,
    firstEpoch,
    by,
    questionCount,
    agents: rows.slice(0, top),
  })
  const { style } = output
  if (questionCount === 0) {
    output.line(
      `No question is settled yet: ${count(history.questions.length, 'question')} asked so far, at height ${view.height}.`,
    )
    return
  }
  output.line(
    `${style.bold('Leaderboard')} after ${count(questionCount, 'settled question')}, by ${by === 'K' ? 'ΣK' : 'weight'}`,
  )
  if (firstEpoch !== null && firstEpoch > 1) {
    output.line(
      `The node that tells this joined later: it knows nothing from before epoch ${firstEpoch}.`,
    )
  }
  const places = rows.slice(0, top).map((row, index) => ({ ...row, place: index + 1 }))
  const width = output.isTerminal ? output.width : Number.POSITIVE_INFINITY
  output.lines(fitTable(COLUMNS, places, style.dim, { width, dropOrder: DROP_ORDER }))
  if (rows.length > top)
    output.line(style.dim(`and ${rows.length - top} more; --top ${rows.length} shows all`))
  output.lines(wrap(LEGEND, output.width).map(style.dim))
}

const LEGEND =
  'against the house: mean log score above that of the house, in nats a question. ΣK: log growth of a bettor with these forecasts against all others; K: the same a question. Weight when first scored and as it is, pay in tokens: paid + received = passed on + keeps.'

/** What a narrow terminal can do without; `--json` has all of it. */
const DROP_ORDER = [
  'kept back',
  'received',
  'passed on',
  'role',
  'K',
  'questions',
  'against the house',
]

type Place = LeaderboardRow & { readonly place: number }

const COLUMNS: readonly Column<Place>[] = [
  { title: '', align: 'right', cell: ({ place }) => String(place) },
  { title: 'agent', cell: ({ name }) => name },
  { title: 'role', cell: ({ role }) => role },
  { title: 'questions', align: 'right', cell: ({ questionCount }) => String(questionCount) },
  {
    title: 'kept back',
    align: 'right',
    cell: ({ withheldCount }) => (withheldCount === 0 ? '' : String(withheldCount)),
  },
  { title: 'against the house', align: 'right', cell: ({ skill }) => formatScore(skill) },
  { title: 'ΣK', align: 'right', cell: ({ kellyTotal }) => formatScore(kellyTotal, 2) },
  { title: 'K', align: 'right', cell: ({ kellyMean }) => formatScore(kellyMean) },
  { title: 'weight', align: 'right', cell: formatWeights },
  { title: 'paid e', align: 'right', cell: ({ paidMicro }) => formatTokens(paidMicro) },
  { title: 'received', align: 'right', cell: ({ receivedMicro }) => formatTokens(receivedMicro) },
  { title: 'passed on', align: 'right', cell: ({ passedOnMicro }) => formatTokens(passedOnMicro) },
  { title: 'keeps n', align: 'right', cell: ({ keptMicro }) => formatTokens(keptMicro) },
]

function formatWeights({ weightFirstMicro, weightMicro }: LeaderboardRow): string {
  if (weightMicro === null)
    return weightFirstMicro === null ? '' : `${formatTokens(weightFirstMicro)} → closed`
  return `${formatTokens(weightFirstMicro ?? weightMicro)} → ${formatTokens(weightMicro)}`
}
