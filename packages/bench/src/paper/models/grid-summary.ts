import type { ScoredRun } from '../../runner/tables.ts'
import type { Interval } from '../../statistics/bootstrap.ts'
import { SEAT_COUNT } from '../play-commons.ts'
import {
  type CellSpending,
  cellsOf,
  findCell,
  type GridCell,
  intervalOf,
  METRICS,
  type Metric,
  spendingOf,
} from './grid-cell.ts'
import { type GridTest, testGrid } from './grid-test.ts'
import { PUBLISHED, type PublishedRow } from './published-models.ts'

/** The grid in figures, over all models: for a terminal and for programs. */
export interface GridSummary {
  readonly published: readonly (Pick<PublishedRow, 'regeneration' | 'contract'> & {
    readonly p0: Beside
    readonly p5: Beside
  })[]
  readonly cells: readonly SummarisedCell[]
  readonly tests: readonly GridTest[]
  readonly spending: CellSpending
}

/** A published figure, and ours. */
interface Beside {
  readonly published: PublishedRow['p0']
  readonly own: { readonly m: Interval | null; readonly R: Interval | null }
}

interface SummarisedCell extends Omit<GridCell, 'runs' | 'model'> {
  readonly runCount: number
  readonly metrics: Readonly<Partial<Record<Metric, Interval | null>>>
  readonly spending: CellSpending
}

export function summariseGrid(runs: readonly ScoredRun[]): GridSummary {
  const cells = cellsOf(runs, null)
  const besideOf = (row: PublishedRow, count: 0 | typeof SEAT_COUNT): Beside => {
    const { regeneration, contract } = row
    const cell = findCell(cells, { regeneration, contract, count })
    const own = (metric: Metric): Interval | null =>
      cell === undefined ? null : intervalOf(cell, metric)
    return { published: count === 0 ? row.p0 : row.p5, own: { m: own('m'), R: own('R') } }
  }
  return {
    published: PUBLISHED.map((row) => {
      const { regeneration, contract } = row
      return { regeneration, contract, p0: besideOf(row, 0), p5: besideOf(row, SEAT_COUNT) }
    }),
    cells: cells.map((cell) => {
      const { regeneration, contract, count, runs: ofCell } = cell
      const metrics = Object.fromEntries(
        METRICS.map((metric) => [metric, intervalOf(cell, metric)]),
      )
      const spending = spendingOf(ofCell)
      return { regeneration, contract, count, runCount: ofCell.length, metrics, spending }
    }),
    tests: testGrid(cells),
    spending: spendingOf(runs),
  }
}
