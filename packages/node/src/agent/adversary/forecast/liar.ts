import type { AgentId } from '@commonweal/protocol'
import type { Forecaster } from '../../forecast/forecaster.ts'
import { toReport } from '../../forecast/to-report.ts'
import { believe } from './believed.ts'
import { createSeller, state } from './seller.ts'

/** Knows better and says the opposite: the likeliest outcome gets what the least likely has, and so on. */
export function createLiar(suppliers: readonly AgentId[]): Forecaster {
  return createSeller('liar', suppliers, (situation) => {
    const { probabilities, used } = believe(situation, suppliers)
    const parents = used.map(({ digest }) => digest)
    return state(toReport(reverse(probabilities)), 'The sources agree on this.', parents)
  })
}

function reverse(probabilities: readonly number[]): readonly number[] {
  const falling = probabilities.toSorted((a, b) => b - a)
  const places = probabilities
    .map((probability, outcome) => ({ probability, outcome }))
    .toSorted((a, b) => a.probability - b.probability || a.outcome - b.outcome)
  const reversed = probabilities.map(() => 0)
  for (const [rank, { outcome }] of places.entries()) reversed[outcome] = falling[rank] ?? 0
  return reversed
}
