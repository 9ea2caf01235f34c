import { anchorsSection } from './section/anchors.ts'
import { attacksSection } from './section/attacks.ts'
import { canonicalSection } from './section/canonical.ts'
import { commonsSection } from './section/commons.ts'
import { doseSection } from './section/dose.ts'
import { emissionsSection } from './section/emissions.ts'
import { faultsSection } from './section/faults.ts'
import { gamesSection } from './section/games.ts'
import { hiddenStateSection } from './section/hidden-state.ts'
import { modelsSection } from './section/models.ts'
import { privateSignalSection } from './section/private-signal.ts'
import { revealedSection } from './section/revealed.ts'
import { searchSection } from './section/search.ts'
import { weightsSection } from './section/weights.ts'
import type { PaperSection } from './section.ts'

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
  revealedSection,
  modelsSection,
  emissionsSection,
  attacksSection,
  faultsSection,
]

/** Those that take less than some seconds together: what a test can run each time. */
export const FAST_SECTIONS: readonly string[] = [
  'weights',
  'games',
  'canonical',
  'hidden-state',
  'anchors',
  'revealed',
]
