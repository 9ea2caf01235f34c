import { preferenceOfTheta } from '../adversary/preference.ts'
import type { GameSituation } from '../agent.ts'
import type { Prosociality } from '../prosocial.ts'
import { lawInForce } from '../utility/bind-terms.ts'
import { firstGreatest, solveStage } from './response.ts'
import { foreseeStage } from './stage.ts'

/** Precision that an agent supposes of everybody when it weighs laws. */
export const BETA_SUPPOSED = 20

/**
 * How much the others weigh welfare, as an agent supposes when it weighs laws: as much as it does itself, until most of those
 * whom it may meet have last done what one of its kind would not; then they are selfish. [AGT-15]
 */
export function supposeWeight(situation: GameSituation, own: Prosociality): Prosociality {
  const last = situation.history.at(-1)
  if (last === undefined) return own
  const stage = foreseeStage(situation, lawInForce(situation), last.state)
  const { other } = solveStage(stage, { own, other: own }, BETA_SUPPOSED)
  const expected = firstGreatest(other)
  const { game } = situation.params
  const isFixed = game.form === 'matrix' && game.matching === 'fixed'
  const met = last.actions.filter((_, seat) =>
    isFixed ? seat === stage.other : seat !== situation.seat,
  )
  const strange = met.filter((action) => action !== expected)
  return strange.length * 2 > met.length ? preferenceOfTheta(0) : own
}
