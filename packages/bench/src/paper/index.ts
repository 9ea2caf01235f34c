/** The published figures, measured again, and the report of them. */
export { createGrid, type GridOptions } from './models/grid.ts'
export { createGridReport, type GridSource } from './models/grid-report.ts'
export { type GridSummary, summariseGrid } from './models/grid-summary.ts'
export { type RecordingAbout, readAbout } from './models/recording.ts'
export {
  countVerdicts,
  type MeasuredSection,
  measurePaper,
  type PaperRun,
  type VerdictCounts,
} from './paper.ts'
export { createPaperReport } from './paper-report.ts'
export type { Measured, PaperOptions, PaperSection } from './section.ts'
export { FAST_SECTIONS, PAPER_SECTIONS } from './sections.ts'
export type { Reading, Verdict, VerdictRow } from './verdict-row.ts'
