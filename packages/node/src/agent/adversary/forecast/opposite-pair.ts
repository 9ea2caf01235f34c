import type { Forecaster } from '../../forecast/forecaster.ts'
import { toReport } from '../../forecast/to-report.ts'
import { drawNoise } from './noise.ts'
import { createSeller, state } from './seller.ts'

/** One of two names of one owner: one says p, the other the same in reverse, so that one of them is always right. */
export function createOpposite(side: 'high' | 'low'): Forecaster {
  return createSeller(`pair-${side}`, [], ({ question }) => {
    const drawn = drawNoise('pair', question.id, question.outcomes.length)
    const probabilities = side === 'high' ? drawn : drawn.toReversed()
    return state(toReport(probabilities), 'It has been due for a while.')
  })
}
