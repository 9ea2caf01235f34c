import { type CellSummary, type Design, formatCellValue } from '@commonweal/bench/experiment'
import type { Style } from '../output.ts'
import { type Column, formatTable } from '../table.ts'

/** What is shown of each scenario; the files have all. */
const SHOWN = {
  commons: ['m', 'R', 'u12', 'e', 'gap'],
  game: ['welfare', 'gap', 'cooperation', 'highEffort', 'matching'],
  forecast: ['logLoss', 'brier', 'skill', 'share.signal', 'share.good', 'share.noise'],
} as const

/** A line per cell: what was set, and the mean of each metric with its interval. */
export function renderCells(
  { name, description, cells: conditions }: Design,
  cells: readonly CellSummary[],
  style: Style,
): readonly string[] {
  const paths = [...new Set(cells.flatMap(({ cell }) => Object.keys(cell)))]
  const kinds = [...new Set(conditions.map(({ condition }) => condition.scenario.kind))]
  const metrics = kinds
    .flatMap((kind) => SHOWN[kind])
    .filter((metric) => cells.some((cell) => cell.metrics[metric] !== undefined))
  const columns: readonly Column<CellSummary>[] = [
    ...paths.map((path) => ({
      title: path,
      cell: ({ cell }: CellSummary) => formatCellValue(cell[path] ?? null),
    })),
    { title: 'runs', align: 'right', cell: ({ runCount }) => String(runCount) },
    ...metrics.map((metric): Column<CellSummary> => {
      return { title: metric, align: 'right', cell: (cell) => formatMean(cell, metric) }
    }),
  ]
  return [
    style.bold(name),
    ...(description === '' ? [] : [description]),
    '',
    ...formatTable(columns, cells, style.dim),
  ]
}

/** "179 [170, 188]"; the mean alone where all runs are alike. */
function formatMean({ metrics }: CellSummary, metric: string): string {
  const interval = metrics[metric]?.interval ?? null
  if (interval === null) return '–'
  const { mean, lo, hi } = interval
  return lo === hi
    ? formatFigure(mean)
    : `${formatFigure(mean)} [${formatFigure(lo)}, ${formatFigure(hi)}]`
}

/** Four significant digits. */
export function formatFigure(value: number): string {
  return String(Number(value.toPrecision(4)))
}
