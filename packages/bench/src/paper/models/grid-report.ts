import { drawLines, type LineSeries } from '../../report/plot/line-plot.ts'
import type { Figure, Report } from '../../report/report.ts'
import type { ScoredRun } from '../../runner/tables.ts'
import { SEAT_COUNT } from '../play-commons.ts'
import {
  CONTRACTS,
  COUNTS,
  cellsOf,
  findCell,
  type GridCell,
  intervalOf,
  REGENERATIONS,
  spendingOf,
} from './grid-cell.ts'
import { metricsTable, publishedTable, spendingTable, testsTable } from './grid-tables.ts'
import { testGrid } from './grid-test.ts'
import { PUBLISHED, PUBLISHED_LABEL } from './published-models.ts'

/** What a report says of where its figures come from. */
export interface GridSource {
  readonly models: readonly string[]
  /** λ of prosocial agents. */
  readonly prosociality: number
  readonly seedCount: number
  /** Whose answers these are, where a recording says so: "recorded replies of …". */
  readonly note: string | null
}

/** The grid of language models, as a report for people. */
export function createGridReport(runs: readonly ScoredRun[], source: GridSource): Report {
  const all = cellsOf(runs, null)
  const { models } = source
  const byModel = models.length > 1 ? models.flatMap((model) => cellsOf(runs, model)) : []
  return {
    title: 'Language models in the commons, beside the published figures',
    summary: summarise(runs, source),
    sections: [
      {
        id: 'published',
        title: 'Beside the published figures',
        text: [
          `${PUBLISHED_LABEL}: means over the models of arXiv 2605.08426. They are for comparison: other models, other prompts, and no expected values.`,
        ],
        figures: [],
        tables: (['R', 'm'] as const).map((metric) =>
          publishedTable(all, metric, ownLabel(source)),
        ),
      },
      {
        id: 'dose',
        title: 'The more agents care',
        text: [],
        figures: REGENERATIONS.flatMap((regeneration) =>
          (['R', 'm'] as const).map((metric) => doseFigure(all, regeneration, metric, source)),
        ),
        tables: [],
      },
      {
        id: 'metrics',
        title: 'All metrics',
        text: [
          'Means over runs that did not fail, with 95 % percentile bootstrap intervals over whole runs. u is 1 for a collapse in round 1, so look at u12 beside it. formation is the part of runs in which a contract formed.',
        ],
        figures: [],
        tables: [metricsTable([...all, ...byModel])],
      },
      {
        id: 'tests',
        title: 'Differences',
        text: [
          'Two-sided paired permutation tests, stratified by model and seed: which of the two settings gave which figure is drawn anew within each pair, 10,000 times, with the +1 correction. p (Holm) is corrected for all tests of this table.',
        ],
        figures: [],
        tables: [testsTable(testGrid(all))],
      },
      {
        id: 'spending',
        title: 'What it took',
        text: [
          'Tokens and cost of all runs, those that failed too. A reply that could not be used went back to the model, at most twice; a turn in which none could be used has failed. In a negotiation the agent then passed, which is counted here; without a number for its harvest the run has failed, is counted here, and is in no mean.',
        ],
        figures: [],
        tables: [spendingTable([...all, ...byModel])],
      },
    ],
    colophon: `Made by “commonweal bench paper --model”. ${ownLabel(source)}.`,
  }
}

/** Whose answers the figures rest on. */
function ownLabel({ note, models }: GridSource): string {
  return note ?? `measured with ${models.join(', ')}`
}

function summarise(runs: readonly ScoredRun[], source: GridSource): readonly string[] {
  const { failedRuns, calls, promptTokens, completionTokens, cost } = spendingOf(runs)
  const { prosociality, seedCount, models, note } = source
  const failed = failedRuns === 0 ? 'none failed' : `${failedRuns} failed and are in no mean`
  return [
    ...(note === null ? [] : [`These figures are of ${note}.`]),
    `Five agents share a stock that renews itself, p of them prosocial (λ = ${prosociality}; the others λ = 0), without a contract, with one in words that bind nobody, and with one that the ledger enforces. A contract is for the round after the one in which it is negotiated, as in the published runs. ${models.length === 1 ? 'The model' : 'The models'}: ${models.join(', ')}; ${seedCount} ${seedCount === 1 ? 'seed' : 'seeds'} a setting.`,
    `${runs.length} runs; ${failed}. ${calls} calls, ${promptTokens} tokens read and ${completionTokens} written, $${cost.toFixed(4)}.`,
  ]
}

function doseFigure(
  all: readonly GridCell[],
  regeneration: GridCell['regeneration'],
  metric: 'R' | 'm',
  source: GridSource,
): Figure {
  const own = CONTRACTS.map(
    (contract): LineSeries => ({
      name: contract,
      points: COUNTS.flatMap((count) => {
        const cell = findCell(all, { regeneration, contract, count })
        const interval = cell === undefined ? null : intervalOf(cell, metric)
        if (interval === null) return []
        const { mean, lo, hi } = interval
        return [{ x: count, y: mean, lo, hi }]
      }),
    }),
  )
  const published = PUBLISHED.filter((row) => row.regeneration === regeneration).map(
    ({ contract, p0, p5 }): LineSeries => ({
      name: `${contract}, ${PUBLISHED_LABEL}`,
      points: [
        { x: 0, y: p0[metric] },
        { x: SEAT_COUNT, y: p5[metric] },
      ],
    }),
  )
  const series = [...own, ...published]
  const what = metric === 'R' ? 'units caught R' : 'rounds survived m'
  const title = `${metric === 'R' ? 'Units caught' : 'Rounds survived'}, ${regeneration} renewal`
  const id = `dose-${regeneration}-${metric.toLowerCase()}`
  return {
    id,
    title,
    caption: `Mean ${what} by the number of prosocial agents, with 95 % bootstrap intervals over runs: ${ownLabel(source)}. “${PUBLISHED_LABEL}” has two points a line.`,
    svg: drawLines({ name: title, x: axisLabel(source), y: what, series, yMax: roofOf(series) }),
    table: {
      id: `${id}-numbers`,
      title,
      caption: 'The numbers of the plot.',
      columns: [
        { title: 'series' },
        { title: 'p' },
        ...['mean', 'lo', 'hi'].map((name) => ({ title: name, digits: 2 })),
      ],
      rows: series.flatMap(({ name, points }) =>
        points.map(({ x, y, lo = null, hi = null }) => [name, x, y, lo, hi]),
      ),
    },
  }
}

/** A plot that is taken out of its page still says whose answers it shows. */
function axisLabel({ note }: GridSource): string {
  const label = 'prosocial agents of five'
  return note === null ? label : `${label} (${note})`
}

/** So high that no whisker is cut off. */
function roofOf(series: readonly LineSeries[]): number {
  const highest = Math.max(
    ...series.flatMap(({ points }) => points.map(({ y, hi = y }) => Math.max(y, hi))),
  )
  const step = highest > 50 ? 50 : 2
  return step * Math.ceil(highest / step)
}
