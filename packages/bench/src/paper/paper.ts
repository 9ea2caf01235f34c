import { availableParallelism } from 'node:os'
import { present } from '@commonweal/protocol'
import type { Table } from '../report/table.ts'
import { measureParts, type PartAnswer, type PartTask } from './parts.ts'
import type { Measured, PaperOptions, PaperSection } from './section.ts'
import type { VerdictRow } from './verdict-row.ts'

/** A section and what it has measured. */
export interface MeasuredSection extends Measured {
  readonly section: PaperSection
}

export interface PaperRun {
  /** Child processes at work at the same time; with 1 it is all done here. [one a core] */
  readonly jobCount?: number
  /** A section has been measured, and what its parts took together. */
  readonly onMeasured?: (measured: MeasuredSection, seconds: number) => void
}

/**
 * Measures sections, on as many cores as are given.
 *
 * Result  in the order of the sections, and the same for any number of cores; `onMeasured` comes as they are done.
 * Errors  WorkerError: a worker ended before its answer. Throws what a section throws.
 */
export async function measurePaper(
  sections: readonly PaperSection[],
  options: PaperOptions,
  { jobCount = availableParallelism(), onMeasured = () => {} }: PaperRun = {},
): Promise<readonly MeasuredSection[]> {
  const parts = new Map(sections.map((section) => [section.name, Array<Measured>()]))
  const seconds = new Map<string, number>()
  const done = new Map<string, MeasuredSection>()
  const record = ({ name, part }: PartTask, answer: PartAnswer): void => {
    const section = present(
      sections.find((one) => one.name === name),
      'a part is of a section that was asked for',
    )
    const measured = present(parts.get(name), 'every section has its parts')
    measured[part] = answer.measured
    seconds.set(name, (seconds.get(name) ?? 0) + answer.seconds)
    if (Object.keys(measured).length < (section.partCount ?? 1)) return
    const merged = merge(measured)
    const whole = { section, ...(section.finish?.(merged) ?? merged) }
    done.set(name, whole)
    onMeasured(whole, seconds.get(name) ?? 0)
  }
  await measureParts(partTasks(sections, options), jobCount, record)
  return sections.map(({ name }) => present(done.get(name), 'every section was measured'))
}

function partTasks(sections: readonly PaperSection[], options: PaperOptions): readonly PartTask[] {
  return sections
    .toSorted((a, b) => (b.partSeconds ?? 0) - (a.partSeconds ?? 0))
    .flatMap(({ name, partCount = 1 }) =>
      Array.from({ length: partCount }, (_, part) => ({ name, part, options })),
    )
}

function merge(parts: readonly Measured[]): Measured {
  return {
    rows: parts.flatMap(({ rows }) => rows),
    figures: parts.flatMap(({ figures = [] }) => figures),
    tables: joinTables(parts.flatMap(({ tables = [] }) => tables)),
  }
}

/** Parts that fill one table give each their own rows of it. */
function joinTables(tables: readonly Table[]): readonly Table[] {
  return [...Map.groupBy(tables, ({ id }) => id).values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [{ ...first, rows: [...first.rows, ...others.flatMap(({ rows }) => rows)] }],
  )
}

export interface VerdictCounts {
  readonly all: number
  readonly ok: number
  /** Of the rows that are ok: those that are so under a condition. */
  readonly conditional: number
  readonly off: number
}

export function countVerdicts(rows: readonly VerdictRow[]): VerdictCounts {
  const off = rows.filter(({ verdict }) => verdict === 'off').length
  const conditional = rows.filter(({ verdict }) => verdict === 'ok under the stated condition')
  return { all: rows.length, ok: rows.length - off, conditional: conditional.length, off }
}
