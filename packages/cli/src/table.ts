import { stripVTControlCharacters } from 'node:util'

export interface Column<Row> {
  readonly title: string
  readonly align?: 'left' | 'right'
  cell(row: Row): string
}

/**
 * Lays rows out in columns, two spaces apart, numbers to the right where the column says so.
 *
 * Result  one line a row, the titles first; no trailing spaces. Colour codes in cells take no room.
 */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  styleTitle: (text: string) => string = (text) => text,
): readonly string[] {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)))
  const widths = columns.map((column, index) =>
    Math.max(widthOf(column.title), ...cells.map((line) => widthOf(line[index] ?? ''))),
  )
  const layOut = (line: readonly string[]): string =>
    line
      .map((text, index) => {
        const gap = ' '.repeat((widths[index] ?? 0) - widthOf(text))
        return columns[index]?.align === 'right' ? gap + text : text + gap
      })
      .join('  ')
      .trimEnd()
  return [styleTitle(layOut(columns.map((column) => column.title))), ...cells.map(layOut)]
}

/** How many cells of a terminal a text takes; all that we print is one cell a character. */
export function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length
}

/** At most `width` cells of a text, the end marked where it was cut; colour codes are kept and take no room. */
export function truncate(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let cells = 0
  let isColour = false
  let cut = ''
  for (const character of text) {
    if (character === ESCAPE) isColour = true
    if (!isColour) cells += 1
    if (isColour || cells < width) cut += character
    else if (cells === width) cut += '…'
    // A colour code goes from its escape to the letter m.
    if (character === 'm') isColour = false
  }
  return cut
}

const ESCAPE = '\u001b'

/** Breaks an uncoloured text into lines of at most `width` cells, later lines indented. */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const room = lines.length === 0 ? width : width - indent.length
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > room) {
      lines.push(lines.length === 0 ? line : indent + line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, lines.length === 0 ? line : indent + line]
}
