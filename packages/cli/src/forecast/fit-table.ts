import { type Column, formatTable, widthOf } from '../table.ts'

/**
 * A table that leaves columns out where it would be too wide, in the order given, by title.
 *
 * Result  like {@link formatTable}; wider than `width` where nothing more may be left out.
 */
export function fitTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  styleTitle: (text: string) => string,
  fit: { readonly width: number; readonly dropOrder: readonly string[] },
): readonly string[] {
  let shown = columns
  for (const title of fit.dropOrder) {
    const lines = formatTable(shown, rows)
    if (Math.max(...lines.map(widthOf)) <= fit.width) break
    shown = shown.filter((column) => column.title !== title)
  }
  return formatTable(shown, rows, styleTitle)
}
