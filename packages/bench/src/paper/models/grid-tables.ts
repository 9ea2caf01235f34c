import type { Column, Table } from '../../report/table.ts'
import { SEAT_COUNT } from '../play-commons.ts'
import { findCell, type GridCell, intervalOf, METRICS, spendingOf } from './grid-cell.ts'
import type { GridTest } from './grid-test.ts'
import { PUBLISHED, PUBLISHED_LABEL } from './published-models.ts'

/** A metric with none and with all prosocial, beside what was published of it. */
export function publishedTable(all: readonly GridCell[], metric: 'm' | 'R', label: string): Table {
  const what = metric === 'm' ? 'Rounds survived m' : 'Units caught R'
  const digits = metric === 'm' ? 2 : 1
  const columns = ['p0', 'p5'].flatMap((count): readonly Column[] => [
    { title: `${count}, ${PUBLISHED_LABEL}`, digits: metric === 'm' ? 2 : 0 },
    { title: count, digits },
    { title: '95 % interval' },
  ])
  return {
    id: `beside-published-${metric.toLowerCase()}`,
    title: what,
    caption: `With no (p0) and with five (p5) prosocial agents of five. Columns without “published”: ${label}.`,
    columns: [{ title: 'regeneration' }, { title: 'contract' }, ...columns],
    rows: PUBLISHED.map(({ regeneration, contract, p0, p5 }) => {
      const own = (count: number) => {
        const cell = findCell(all, { regeneration, contract, count })
        const interval = cell === undefined ? null : intervalOf(cell, metric)
        return interval === null ? [null, null] : [interval.mean, formatBounds(interval)]
      }
      return [regeneration, contract, p0[metric], ...own(0), p5[metric], ...own(SEAT_COUNT)]
    }),
  }
}

const CELL_COLUMNS: readonly Column[] = ['models', 'regeneration', 'contract', 'p', 'runs'].map(
  (title) => ({ title }),
)

function cellFields({ model, regeneration, contract, count, runs }: GridCell) {
  return [model ?? 'all', regeneration, contract, count, runs.length]
}

export function metricsTable(cells: readonly GridCell[]): Table {
  return {
    id: 'grid-metrics',
    title: 'Every setting',
    caption: 'Mean [lo, hi]; the mean alone where all runs are alike.',
    columns: [...CELL_COLUMNS, ...METRICS.map((title) => ({ title }))],
    rows: cells.map((cell) => [
      ...cellFields(cell),
      ...METRICS.map((metric) => {
        const interval = intervalOf(cell, metric)
        if (interval === null) return ''
        const bounds = formatBounds(interval)
        return bounds === ''
          ? formatFigure(interval.mean)
          : `${formatFigure(interval.mean)} ${bounds}`
      }),
    ]),
  }
}

export function spendingTable(cells: readonly GridCell[]): Table {
  const titles = [
    'failed runs',
    'calls',
    'tokens read',
    'tokens written',
    'cost, $',
    'invalid replies, %',
    'failed turns',
    'contracts',
    'tokens per contract',
    'cost per contract, $',
  ]
  const digits: Readonly<Record<string, number>> = {
    'cost, $': 4,
    'invalid replies, %': 2,
    'tokens per contract': 0,
    'cost per contract, $': 4,
  }
  return {
    id: 'grid-spending',
    title: 'Tokens and cost of every setting',
    caption: 'Sums over the runs of a setting; without a price a cost is 0.',
    columns: [
      ...CELL_COLUMNS,
      ...titles.map((title) => {
        const places = digits[title]
        return places === undefined ? { title } : { title, digits: places }
      }),
    ],
    rows: cells.map((cell) => {
      const spent = spendingOf(cell.runs)
      const { calls, promptTokens, completionTokens, cost, contracts } = spent
      return [
        ...cellFields(cell),
        spent.failedRuns,
        calls,
        promptTokens,
        completionTokens,
        cost,
        calls === 0 ? null : (100 * spent.invalidReplies) / calls,
        spent.failedTurns,
        contracts,
        contracts === 0 ? null : (promptTokens + completionTokens) / contracts,
        contracts === 0 ? null : cost / contracts,
      ]
    }),
  }
}

export function testsTable(tests: readonly GridTest[]): Table {
  return {
    id: 'grid-tests',
    title: `${tests.length} tests`,
    caption: 'A is the setting named last. Means over the pairs alone.',
    columns: [
      { title: 'what' },
      { title: 'metric' },
      { title: 'pairs' },
      { title: 'mean A', digits: 2 },
      { title: 'mean B', digits: 2 },
      { title: 'B − A', digits: 2 },
      { title: 'p', digits: 4 },
      { title: 'p (Holm)', digits: 4 },
    ],
    rows: tests.map(({ what, metric, pairCount, meanA, meanB, p, pHolm }) => [
      what,
      metric,
      pairCount,
      meanA,
      meanB,
      meanB - meanA,
      p,
      pHolm,
    ]),
  }
}

/** "[170, 188]"; nothing where all runs are alike. */
function formatBounds({ lo, hi }: { readonly lo: number; readonly hi: number }): string {
  return lo === hi ? '' : `[${formatFigure(lo)}, ${formatFigure(hi)}]`
}

/** Four significant digits. */
function formatFigure(value: number): string {
  return String(Number(value.toPrecision(4)))
}
