import type { Figure, Report } from './report.ts'
import { type Table, tableToMarkdown } from './table.ts'

/** The whole report as Markdown, its plots as files beside it. */
export function reportToMarkdown({ title, summary, sections, colophon }: Report): string {
  const parts = sections.flatMap((section) => [
    `## ${section.title}`,
    ...section.text,
    ...section.figures.flatMap(figureToMarkdown),
    ...section.tables.flatMap(tableSection),
  ])
  return `${[`# ${title}`, ...summary, ...parts, '---', colophon].join('\n\n')}\n`
}

function figureToMarkdown({ id, title, caption, table }: Figure): readonly string[] {
  const picture = `![${title}](figures/${id}.svg)`
  const words = `**${title}.** ${caption}`
  return [picture, words, ...(table === undefined ? [] : [tableToMarkdown(table)])]
}

function tableSection(table: Table): readonly string[] {
  return [`**${table.title}.** ${table.caption}`, tableToMarkdown(table)]
}
