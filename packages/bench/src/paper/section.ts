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
  /** Parts that can be measured at the same time; one unless given. */
  readonly partCount?: number
  /** Roughly what a part takes of one core: the longest begin first. [0] */
  readonly partSeconds?: number
  /** Makes the whole of its parts, whose tables of one name are joined; nothing is added unless given. */
  readonly finish?: (measured: Measured) => Measured
  /** Measures one part, from 0 on. */
  measure(options: PaperOptions, part: number): Measured | Promise<Measured>
}
