import type { VerdictCounts, VerdictRow } from '@commonweal/bench/paper'
import type { Style } from '../output.ts'
import { formatTable, truncate } from '../table.ts'

const WHAT_WIDTH = 58
const FIGURE_WIDTH = 32

/** The verdicts for a terminal: every row, then what is to be said of those that hold under a condition or are off. */
export function renderVerdicts(
  rows: readonly VerdictRow[],
  counts: VerdictCounts,
  style: Style,
): readonly string[] {
  const { all, ok, conditional, off } = counts
  if (all === 0) return ['Nothing here is compared with published figures.']
  const words = rows.filter(({ verdict }) => verdict !== 'ok')
  const table = formatTable(
    [
      { title: 'section', cell: (row) => row.section },
      { title: 'figure', cell: (row) => truncate(row.what, WHAT_WIDTH) },
      { title: 'expected', align: 'right', cell: (row) => readable(row.expected) },
      { title: 'got', align: 'right', cell: (row) => readable(row.got) },
      {
        title: 'verdict',
        cell: ({ verdict }) => (verdict === 'off' ? style.red(verdict) : verdict),
      },
    ],
    rows,
    style.bold,
  )
  const notes = words.map(({ what, note }) => `  ${what}: ${note}`)
  const verdict = `${ok} of ${all} figures come out as they should, ${conditional} of them under a condition; ${off} off.`
  return [
    ...table,
    ...(notes.length === 0 ? [] : ['', 'Conditions and figures that are off:', ...notes]),
    '',
    off === 0 ? style.green(verdict) : style.red(verdict),
  ]
}

function readable(reading: VerdictRow['got']): string {
  const text = typeof reading === 'number' ? String(Number(reading.toFixed(6))) : reading
  return truncate(text, FIGURE_WIDTH)
}
