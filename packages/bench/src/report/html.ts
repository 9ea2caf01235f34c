import { escapeHtml } from './escape.ts'
import { BLACK, VERMILLION } from './plot/palette.ts'
import type { Figure, Report, ReportSection } from './report.ts'
import { type Table, tableToHtml } from './table.ts'

/** The whole report as one page that needs nothing beside itself: no script, no font, no network. */
export function reportToHtml(report: Report): string {
  const { title, summary, sections, colophon } = report
  const contents = sections.map(
    ({ id, title: name }) => `<li><a href="#${id}">${escapeHtml(name)}</a></li>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<section class="summary" aria-label="Summary">
${paragraphs(summary)}
</section>
<nav aria-label="Contents">
<h2>Contents</h2>
<ol>
${contents.join('\n')}
</ol>
</nav>
${sections.map(sectionToHtml).join('\n')}
<footer><p>${escapeHtml(colophon)}</p></footer>
</main>
</body>
</html>
`
}

function sectionToHtml({ id, title, text, figures, tables }: ReportSection): string {
  return `<section id="${id}">
<h2>${escapeHtml(title)}</h2>
${paragraphs(text)}
${figures.map(figureToHtml).join('\n')}
${tables.map(tableSectionToHtml).join('\n')}
</section>`
}

function figureToHtml({ id, title, caption, svg, table }: Figure): string {
  const numbers =
    table === undefined
      ? ''
      : `<details><summary>The numbers</summary>\n${tableToHtml(table)}\n</details>`
  return `<figure id="${id}">
${svg}
<figcaption><strong>${escapeHtml(title)}.</strong> ${escapeHtml(caption)}</figcaption>
${numbers}
</figure>`
}

function tableSectionToHtml(table: Table): string {
  return `<figure id="${table.id}" class="table">
<figcaption><strong>${escapeHtml(table.title)}.</strong> ${escapeHtml(table.caption)}</figcaption>
<div class="scroll">
${tableToHtml(table)}
</div>
</figure>`
}

function paragraphs(texts: readonly string[]): string {
  return texts.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')
}

const STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: ${BLACK}; font: 16px/1.5 Georgia, 'Times New Roman', serif; }
main { max-width: 58rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1, h2, nav, table, .summary, figcaption strong, details > summary { font-family: system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid #ccc; }
p { max-width: 46rem; margin: 0 0 .75rem; }
.summary { border-left: 4px solid #0072b2; padding: .1rem 0 .1rem 1rem; }
nav h2 { font-size: 1rem; border: 0; padding: 0; margin: 1.5rem 0 .25rem; }
nav ol { margin: 0; padding-left: 1.5rem; columns: 2; font-size: .95rem; }
a { color: #004f8a; }
figure { margin: 1.5rem 0 2rem; }
figure > svg { display: block; max-width: 100%; height: auto; }
figcaption { font-size: .92rem; max-width: 46rem; margin: .35rem 0; }
details { font-size: .85rem; }
details > summary { cursor: pointer; color: #004f8a; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .82rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #ddd; }
th { border-bottom: 2px solid ${BLACK}; vertical-align: bottom; }
.number { text-align: right; white-space: nowrap; }
th.number { white-space: normal; }
tr.off td { color: ${VERMILLION}; font-weight: bold; }
footer { font-size: .85rem; color: #444; border-top: 1px solid #ccc; margin-top: 2rem; padding-top: .75rem; }
@page { margin: 16mm; }
@media print {
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  a { color: inherit; text-decoration: none; }
  figure:not(.table), tr { break-inside: avoid; }
  h2, figcaption { break-after: avoid; }
  thead { display: table-header-group; }
  details > summary { display: none; }
  .scroll { overflow: visible; }
  .scroll table { font-size: 8.5pt; }
  th, td { padding-right: .35rem; }
}
`
