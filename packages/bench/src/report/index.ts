/** Reports of benchmarks: tables, plots, and the page that holds them. */
export { createExperimentReport, type ExperimentTables } from './experiment-report.ts'
export { reportToHtml } from './html.ts'
export { reportToMarkdown } from './markdown.ts'
export type { Figure, Report, ReportSection } from './report.ts'
export type { Cell, Column, Table } from './table.ts'
export { writeReport } from './write-report.ts'
