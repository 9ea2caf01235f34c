import type { Figure } from '../report/report.ts'
import type { Table } from '../report/table.ts'
import type { VerdictRow } from './verdict-row.ts'

export interface PaperOptions {
  readonly seed: string
  /** A folder of public data sets; null where none is given. */
  readonly dataFolder: string | null
}

/** What a section has measured. */
export interface Measured {
  readonly rows: readonly VerdictRow[]
  readonly figures?: readonly Figure[]
  readonly tables?: readonly Table[]
}

/** A part of the published figures, or what goes beyond them. */
export interface PaperSection {
  /** As `--only` takes it. */
  readonly name: string
  readonly title: string
  /** What is done, in plain words; a paragraph each. */
  readonly text: readonly string[]
  measure(options: PaperOptions): Measured | Promise<Measured>
}
