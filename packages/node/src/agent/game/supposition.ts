import { preferenceOfTheta } from '../adversary/preference.ts'
import type { GameSituation } from '../agent.ts'
import type { Prosociality } from '../prosocial.ts'
import { lawInForce } from '../utility/bind-terms.ts'
import type { MixedStrategy } from './logit.ts'
import { solveStage } from './response.ts'
import { foreseeStage } from './stage.ts'

/** Precision that an agent supposes of everybody when it weighs laws. */
export const BETA_SUPPOSED = 20

/**
 * How much the others weigh welfare, as an agent supposes when it weighs laws: as much as it does itself, unless what those
 * whom it may meet did last is likelier of the selfish. [AGT-15]
 */
export function supposeWeight(situation: GameSituation, own: Prosociality): Prosociality {
  const last = situation.history.at(-1)
  if (last === undefined) return own
  const stage = foreseeStage(situation, lawInForce(situation), last.state)
  const selfish = preferenceOfTheta(0)
  const [ofOwn, ofSelfish] = [own, selfish].map(
    (weight) => solveStage(stage, { own: weight, other: weight }, BETA_SUPPOSED).other,
  )
  const { game } = situation.params
  const isFixed = game.form === 'matrix' && game.matching === 'fixed'
  const met = last.actions.filter((_, seat) =>
    isFixed ? seat === stage.other : seat !== situation.seat,
  )
  return likelihood(met, ofSelfish) > likelihood(met, ofOwn) ? selfish : own
}

/** ln of the chance of these actions; an action of no chance counts as one in 10³⁰⁰. */
function likelihood(actions: readonly number[], strategy: MixedStrategy = []): number {
  return actions.reduce((sum, action) => sum + Math.log(Math.max(strategy[action] ?? 0, 1e-300)), 0)
}
