import type { Forecaster, OpenQuestion, Witness } from '../../forecast/forecaster.ts'
import { createSeller } from './seller.ts'

/** Says nothing of a question until it is answered, and then bonds for another outcome than the one that came true. */
export function createLyingAsserter(witness: Witness): Forecaster {
  const lie = (question: OpenQuestion): number | null => {
    const outcome = witness.saw(question)
    return outcome === null ? null : (outcome + 1) % question.outcomes.length
  }
  return {
    ...createSeller('lying-asserter', [], () => null),
    witness: { patienceHeights: witness.patienceHeights, saw: lie },
  }
}
