import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { reportToHtml } from './html.ts'
import { reportToMarkdown } from './markdown.ts'
import { figuresOf, type Report, tablesOf } from './report.ts'
import { tableToCsv } from './table.ts'

/**
 * Writes a report into a folder, which is made where it is missing: `report.html`, `report.md`, a CSV file for each table in
 * `tables`, an SVG file for each plot in `figures`.
 *
 * Result  the path of the page.
 */
export async function writeReport(folder: string, report: Report): Promise<string> {
  await mkdir(join(folder, 'tables'), { recursive: true })
  await mkdir(join(folder, 'figures'), { recursive: true })
  const page = join(folder, 'report.html')
  await writeFile(page, reportToHtml(report))
  await writeFile(join(folder, 'report.md'), reportToMarkdown(report))
  for (const table of tablesOf(report)) {
    await writeFile(join(folder, 'tables', `${table.id}.csv`), tableToCsv(table))
  }
  for (const { id, svg } of figuresOf(report)) {
    await writeFile(join(folder, 'figures', `${id}.svg`), svg)
  }
  return page
}
