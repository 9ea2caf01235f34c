/** The published figures, measured again, and the report of them. */
export {
  countVerdicts,
  FAST_SECTIONS,
  type MeasuredSection,
  measurePaper,
  PAPER_SECTIONS,
  type VerdictCounts,
} from './paper.ts'
export { createPaperReport } from './paper-report.ts'
export type { Measured, PaperOptions, PaperSection } from './section.ts'
export type { Reading, Verdict, VerdictRow } from './verdict-row.ts'
