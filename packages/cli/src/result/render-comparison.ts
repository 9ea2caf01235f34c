import {
  type CellValues,
  type ComparedMetric,
  type Comparison,
  formatCellValue,
} from '@commonweal/bench/experiment'
import type { Style } from '../output.ts'
import { type Column, formatTable } from '../table.ts'
import { formatFigure } from './render-cells.ts'

/** The comparison as lines of text: outcomes first, then a line per test. */
export function renderComparison(comparison: Comparison, style: Style): readonly string[] {
  const { pairCount, sameCount, unlike, unpairedCount, tests } = comparison
  return [
    `${pairCount} pairs of runs, ${sameCount} with the same outcome`,
    ...(unpairedCount === 0
      ? []
      : [`${unpairedCount} runs have no partner: only one folder has them, or they failed in one`]),
    ...(unlike.length === 0 ? [] : [style.dim('not the same, the first of them:')]),
    ...unlike.map(({ cell, seed }) => style.dim(`  seed ${seed}, ${formatCell(cell)}`)),
    '',
    ...formatTable(columns, tests, style.dim),
    '',
    style.dim(
      'B − A with its 95 % bootstrap interval over seeds; p of a paired permutation test, and corrected for all tests shown (Holm)',
    ),
  ]
}

const columns: readonly Column<ComparedMetric>[] = [
  { title: 'cell', cell: ({ cell }) => formatCell(cell) },
  { title: 'metric', cell: ({ metric }) => metric },
  { title: 'pairs', align: 'right', cell: ({ pairCount }) => String(pairCount) },
  { title: 'A', align: 'right', cell: ({ meanA }) => formatFigure(meanA) },
  { title: 'B', align: 'right', cell: ({ meanB }) => formatFigure(meanB) },
  {
    title: 'B − A',
    align: 'right',
    cell: ({ difference: { mean, lo, hi } }) =>
      `${formatFigure(mean)} [${formatFigure(lo)}, ${formatFigure(hi)}]`,
  },
  { title: 'p', align: 'right', cell: ({ p }) => formatChance(p) },
  { title: 'p (Holm)', align: 'right', cell: ({ pHolm }) => formatChance(pHolm) },
]

function formatCell(cell: CellValues): string {
  const parts = Object.entries(cell).map(([path, value]) => `${path}=${formatCellValue(value)}`)
  return parts.length === 0 ? 'all' : parts.join(' ')
}

function formatChance(p: number): string {
  return p < 0.001 ? p.toPrecision(1) : p.toFixed(3)
}
