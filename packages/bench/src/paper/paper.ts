import { anchorsSection } from './section/anchors.ts'
import { attacksSection } from './section/attacks.ts'
import { canonicalSection } from './section/canonical.ts'
import { commonsSection } from './section/commons.ts'
import { doseSection } from './section/dose.ts'
import { emissionsSection } from './section/emissions.ts'
import { gamesSection } from './section/games.ts'
import { hiddenStateSection } from './section/hidden-state.ts'
import { modelsSection } from './section/models.ts'
import { privateSignalSection } from './section/private-signal.ts'
import { searchSection } from './section/search.ts'
import { weightsSection } from './section/weights.ts'
import type { Measured, PaperOptions, PaperSection } from './section.ts'
import type { VerdictRow } from './verdict-row.ts'

/** In the order in which they are measured and shown. */
export const PAPER_SECTIONS: readonly PaperSection[] = [
  weightsSection,
  commonsSection,
  privateSignalSection,
  gamesSection,
  canonicalSection,
  hiddenStateSection,
  anchorsSection,
  searchSection,
  doseSection,
  modelsSection,
  emissionsSection,
  attacksSection,
]

/** Those that take less than some seconds together: what a test can run each time. */
export const FAST_SECTIONS: readonly string[] = [
  'weights',
  'games',
  'canonical',
  'hidden-state',
  'anchors',
]

/** A section and what it has measured. */
export interface MeasuredSection extends Measured {
  readonly section: PaperSection
}

/** Measures sections one after the other. */
export async function measurePaper(
  sections: readonly PaperSection[],
  options: PaperOptions,
  onMeasured: (measured: MeasuredSection, seconds: number) => void = () => {},
): Promise<readonly MeasuredSection[]> {
  const all: MeasuredSection[] = []
  for (const section of sections) {
    const startedAtMs = performance.now()
    const measured = { section, ...(await section.measure(options)) }
    all.push(measured)
    onMeasured(measured, (performance.now() - startedAtMs) / 1_000)
  }
  return all
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
