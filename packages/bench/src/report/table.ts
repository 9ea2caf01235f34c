import { formatCsv } from '../forecast/csv.ts'
import { escapeHtml } from './escape.ts'

/** What stands in a place of a table; null where there is nothing to say. */
export type Cell = string | number | null

export interface Column {
  /** As people read it. */
  readonly title: string
  /** Digits after the point of numbers; without it a number is written as it is. */
  readonly digits?: number
}

/** Rows of figures with names, and what they say. */
export interface Table {
  /** Names its file, and the place in the page: letters, digits and hyphens. */
  readonly id: string
  readonly title: string
  /** What is seen, and how it was computed. */
  readonly caption: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
}

/** The one way in which a figure is written: page, CSV and Markdown agree digit by digit. */
export function formatCell({ digits }: Column, cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'string') return cell
  if (digits === undefined) return String(cell).replace('-', '−')
  const text = cell.toFixed(digits)
  return (Number(text) === 0 ? text.replace('-', '') : text).replace('-', '−')
}

/** The table as texts, its titles first. */
export function textsOf({ columns, rows }: Table): readonly (readonly string[])[] {
  const titles = columns.map(({ title }) => title)
  const lines = rows.map((row) =>
    columns.map((column, index) => formatCell(column, row[index] ?? null)),
  )
  return [titles, ...lines]
}

/** RFC 4180, with the minus sign that programs read. */
export function tableToCsv(table: Table): string {
  return formatCsv(
    textsOf(table).map((line) => line.map((text) => text.replace(/^−(?=[\d.])/, '-'))),
  )
}

/** A table of GitHub's Markdown. */
export function tableToMarkdown(table: Table): string {
  const [titles = [], ...lines] = textsOf(table)
  const layOut = (line: readonly string[]): string =>
    `| ${line.map((text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  const rule = titles.map((_, index) => (isNumeric(table, index) ? '---:' : '---'))
  return [layOut(titles), layOut(rule), ...lines.map(layOut)].join('\n')
}

/** A row is marked where a cell of it is the verdict "off". */
export function tableToHtml(table: Table): string {
  const [titles = [], ...lines] = textsOf(table)
  const classOf = (index: number): string => (isNumeric(table, index) ? ' class="number"' : '')
  const head = titles.map((text, index) => `<th${classOf(index)}>${escapeHtml(text)}</th>`).join('')
  const body = lines
    .map((line) => {
      const cells = line.map((text, index) => `<td${classOf(index)}>${escapeHtml(text)}</td>`)
      return `<tr${line.includes('off') ? ' class="off"' : ''}>${cells.join('')}</tr>`
    })
    .join('\n')
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`
}

function isNumeric({ rows }: Table, index: number): boolean {
  const cells = rows.map((row) => row[index] ?? null).filter((cell) => cell !== null)
  return cells.length > 0 && cells.every((cell) => typeof cell === 'number')
}
