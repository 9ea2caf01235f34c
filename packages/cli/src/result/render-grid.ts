import type { GridSummary } from '@commonweal/bench/paper'
import type { Style } from '../output.ts'
import { type Column, formatTable } from '../table.ts'
import { formatFigure } from './render-cells.ts'

type Row = GridSummary['published'][number]

/** The grid of language models beside the published figures, and what it took. */
export function renderGrid({ published, spending }: GridSummary, style: Style): readonly string[] {
  const columns: readonly Column<Row>[] = [
    { title: 'regeneration', cell: ({ regeneration }) => regeneration },
    { title: 'contract', cell: ({ contract }) => contract },
    ...(['p0', 'p5'] as const).flatMap((count) =>
      (['m', 'R'] as const).flatMap((metric): readonly Column<Row>[] => [
        {
          title: `${count} ${metric}`,
          align: 'right',
          cell: (row) => formatInterval(row[count].own[metric]),
        },
        {
          title: 'published',
          align: 'right',
          cell: (row) => String(row[count].published[metric]),
        },
      ]),
    ),
  ]
  const { calls, promptTokens, completionTokens, cost, invalidReplies, failedTurns } = spending
  return [
    style.bold(
      'Beside the published figures of language models: rounds survived m, units caught R',
    ),
    ...formatTable(columns, published, style.dim),
    '',
    `${calls} calls, ${promptTokens} tokens read and ${completionTokens} written, $${cost.toFixed(4)}; ${invalidReplies} replies could not be used as they were, ${failedTurns} turns failed`,
  ]
}

function formatInterval(interval: Row['p0']['own']['m']): string {
  if (interval === null) return '–'
  const { mean, lo, hi } = interval
  const bounds = lo === hi ? '' : ` [${formatFigure(lo)}, ${formatFigure(hi)}]`
  return `${formatFigure(mean)}${bounds}`
}
