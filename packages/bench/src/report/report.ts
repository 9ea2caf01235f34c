import type { Table } from './table.ts'

/** A plot with what it shows; its numbers stand in a table of their own. */
export interface Figure {
  /** Names its file, and the place in the page: letters, digits and hyphens. */
  readonly id: string
  readonly title: string
  /** What is seen, and how it was computed. */
  readonly caption: string
  readonly svg: string
  /** The numbers that the plot shows. */
  readonly table?: Table
}

export interface ReportSection {
  readonly id: string
  readonly title: string
  /** Paragraphs. */
  readonly text: readonly string[]
  readonly figures: readonly Figure[]
  readonly tables: readonly Table[]
}

/** A report of a benchmark: for people who read it on a screen or on paper, and for programs that read its tables. */
export interface Report {
  readonly title: string
  /** What came out, in plain words; a paragraph each. */
  readonly summary: readonly string[]
  readonly sections: readonly ReportSection[]
  /** How the report was made. */
  readonly colophon: string
}

/** All tables, those behind the plots included, in the order of the report. */
export function tablesOf({ sections }: Report): readonly Table[] {
  return sections.flatMap(({ figures, tables }) => [
    ...figures.flatMap(({ table }) => (table === undefined ? [] : [table])),
    ...tables,
  ])
}

export function figuresOf({ sections }: Report): readonly Figure[] {
  return sections.flatMap(({ figures }) => figures)
}
