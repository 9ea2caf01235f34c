import type { AgentId } from '@commonweal/protocol'
import type { Forecaster } from '../../forecast/forecaster.ts'
import { toReport } from '../../forecast/to-report.ts'
import { drawNoise } from './noise.ts'
import { createSeller, state } from './seller.ts'

/** Sells bold reports about nothing, each with a reason. */
export function createNoiseSeller(agent: AgentId): Forecaster {
  return createSeller('noise-seller', [], ({ question }) => {
    const probabilities = drawNoise(agent, question.id, question.outcomes.length)
    const top = probabilities.indexOf(Math.max(...probabilities))
    const reason = `The signs of this season speak for ${question.outcomes[top]}.`
    return state(toReport(probabilities), reason)
  })
}
