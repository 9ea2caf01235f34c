import type { Interval, MeanScore, Standing } from '@commonweal/bench/forecast'
import { TOKEN_MICRO } from '@commonweal/protocol'
import type { ForecastImportReport } from '../commands/forecast-import.ts'
import { formatScore } from '../forecast/score-text.ts'
import { formatPath } from '../invocation.ts'
import type { Style } from '../output.ts'
import { printable } from '../question-files.ts'
import { type Column, formatTable, truncate } from '../table.ts'
import { count } from './render-report.ts'

/** Places of the leaderboard that are shown. */
export const STANDINGS_SHOWN_MAX = 20
const NAME_WIDTH_MAX = 40

/** The report as lines of text. */
export function renderForecastImport(
  report: ForecastImportReport,
  style: Style,
): readonly string[] {
  const { replication } = report
  return [
    style.bold(`Resolved questions of ${formatPath(report.folder)}`),
    ...describeSetting(report),
    '',
    ...formatTable(SCORE_COLUMNS, scoreLines(report), style.dim),
    '',
    describeGain(report.gain),
    describeWeight(report, style),
    '',
    style.bold('Leaderboard'),
    ...formatTable(
      STANDING_COLUMNS,
      replication.standings
        .slice(0, STANDINGS_SHOWN_MAX)
        .map((standing, index) => ({ ...standing, rank: index + 1 })),
      style.dim,
    ),
    ...(replication.standings.length > STANDINGS_SHOWN_MAX
      ? [style.dim(`and ${replication.standings.length - STANDINGS_SHOWN_MAX} more`)]
      : []),
    style.dim(
      'ΣK: log growth, in nats, of a bettor with these forecasts against the field, ± standard error',
    ),
  ]
}

function describeSetting(report: ForecastImportReport): readonly string[] {
  const { replication, questionCount, houseShare, lateCount } = report
  const { forecasterCount, equalPool, cappedCount } = replication
  const house =
    houseShare === null
      ? 'no house'
      : `a house with ${Number((houseShare * 100).toFixed(4))} % of the weight at first`
  return [
    `${count(questionCount, 'question')}, ${equalPool.questionCount} of them with a forecast; ${count(forecasterCount, 'forecaster')} in the role ${printable(report.role)}`,
    `scored in the order of ${ORDER_WORDS[report.order]}, ${house}; the cap of a fifth cut somebody's stake in ${cappedCount}`,
    ...(lateCount === 0
      ? []
      : [
          `${count(lateCount, 'forecast')} after the close, which ${lateCount === 1 ? 'does' : 'do'} not count`,
        ]),
  ]
}

const ORDER_WORDS = { open: 'opening', close: 'closing', file: 'the file' } as const

interface ScoreLine extends MeanScore {
  readonly name: string
}

const SCORE_COLUMNS: readonly Column<ScoreLine>[] = [
  { title: '', cell: ({ name }) => name },
  { title: 'log loss', align: 'right', cell: ({ logLoss }) => logLoss.toFixed(4) },
  { title: 'Brier', align: 'right', cell: ({ brier }) => brier.toFixed(4) },
  { title: 'questions', align: 'right', cell: ({ questionCount }) => String(questionCount) },
]

function scoreLines({ replication, market }: ForecastImportReport): readonly ScoreLine[] {
  return [
    { name: 'pool, equal weights', ...replication.equalPool },
    { name: 'pool, weights of the update', ...replication.weightedPool },
    ...(market === null ? [] : [{ name: 'market, last price before the close', ...market }]),
  ]
}

function describeGain({ mean, lo, hi }: Interval): string {
  const figure = `weighting ${mean < 0 ? 'costs' : 'gains'} ${Math.abs(mean).toFixed(4)} nats a question`
  const isClear = lo > 0 || hi < 0
  return `${figure}; 95 % of resampled sets of questions lie in [${formatScore(lo, 4)}, ${formatScore(hi, 4)}]${isClear ? '' : ', which holds 0'}`
}

function describeWeight({ replication }: ForecastImportReport, style: Style): string {
  const { weightBeforeMicro, weightAfterMicro, houseGrowth } = replication
  const before = `ΣW ${formatMicro(weightBeforeMicro)} before, ${formatMicro(weightAfterMicro)} after`
  const house =
    houseGrowth === null ? '' : `; the house has ${houseGrowth.toPrecision(3)} times its own`
  return weightAfterMicro === weightBeforeMicro
    ? `${style.green(`${before}: the same to the micro-unit`)}${house}`
    : style.red(`${before}: this is a defect`)
}

interface Place extends Standing {
  readonly rank: number
}

const STANDING_COLUMNS: readonly Column<Place>[] = [
  { title: '', align: 'right', cell: ({ rank }) => String(rank) },
  { title: 'forecaster', cell: ({ name }) => truncate(printable(name), NAME_WIDTH_MAX) },
  { title: 'questions', align: 'right', cell: ({ questionCount }) => String(questionCount) },
  { title: 'ΣK', align: 'right', cell: ({ kellyTotal }) => formatScore(kellyTotal, 2) },
  {
    title: '±',
    align: 'right',
    cell: ({ kellyError }) => (kellyError === null ? '' : kellyError.toFixed(2)),
  },
  { title: 'weight', align: 'right', cell: ({ growth }) => `× ${growth.toPrecision(3)}` },
]

function formatMicro(amountMicro: bigint): string {
  return `${amountMicro / TOKEN_MICRO}.${String(amountMicro % TOKEN_MICRO).padStart(6, '0')}`
}
