import type { GameSituation } from '../agent.ts'
import type { Prosociality } from '../prosocial.ts'
import {
  type ActionValues,
  expectedValues,
  type MixedStrategy,
  solveLogit,
  uniform,
} from './logit.ts'
import type { Stage } from './stage.ts'

/** A weight beyond which nothing changes: λ = ∞ counts as this. */
const LAMBDA_MAX = 1e6
/** Values closer than this are equal, and the lower index is taken. */
const TOLERANCE = 1e-9

/**
 * What both sides do in a stage, in the quantal response equilibrium of their weights and one precision. [AGT-14]
 *
 * Formula V_i = u_i + λ_i·W, divided by the largest |payoff|
 */
export function solveStage(
  stage: Stage,
  weights: { readonly own: Prosociality; readonly other: Prosociality },
  beta: number,
): { readonly own: MixedStrategy; readonly other: MixedStrategy } {
  const { payoffs, seat, other } = stage
  const worth = (all: readonly number[], of: number, { lambda }: Prosociality): number => {
    const welfare = all.reduce((sum, payoff) => sum + payoff, 0)
    return ((all[of] ?? 0) + Math.min(lambda, LAMBDA_MAX) * welfare) / stage.scale
  }
  const actions = [...payoffs.keys()]
  const own = payoffs.map((line) => line.map((all) => worth(all, seat, weights.own)))
  const theirs = actions.map((action) =>
    payoffs.map((line) => worth(line[action] ?? [], other, weights.other)),
  )
  return solveLogit({ own, other: theirs }, beta)
}

/** How often each action is played in the quantal response, both sides having the same weight. */
export function respondQuantally(
  stage: Stage,
  prosociality: Prosociality,
  beta: number,
): MixedStrategy {
  return solveStage(stage, { own: prosociality, other: prosociality }, beta).own
}

/** The best reply to how often the others have played what so far, at first to uniform play. */
export function chooseBestReply(
  stage: Stage,
  situation: GameSituation,
  prosociality: Prosociality,
): number {
  const { seat, payoffs } = stage
  const values: ActionValues = payoffs.map((line) =>
    line.map((all) => {
      const welfare = all.reduce((sum, payoff) => sum + payoff, 0)
      return (1 - prosociality.alpha) * (all[seat] ?? 0) + prosociality.alpha * welfare
    }),
  )
  return firstGreatest(expectedValues(values, believe(situation, payoffs.length)))
}

/** How often the other side has played each action: the partner where pairs are fixed, else all others; in the same state. */
function believe(situation: GameSituation, actionCount: number): MixedStrategy {
  const { params, history, seat, signalState } = situation
  const counts = Array.from({ length: actionCount }, () => 0)
  let total = 0
  const isFixed = params.game.form === 'matrix' && params.game.matching === 'fixed'
  for (const { enforced, partners, state } of history) {
    if (state !== null && state !== signalState) continue
    for (const [index, action] of enforced.entries()) {
      if (index === seat || (isFixed && index !== partners[seat])) continue
      counts[action] = (counts[action] ?? 0) + 1
      total += 1
    }
  }
  return total === 0 ? uniform(actionCount) : counts.map((count) => count / total)
}

/** The first action whose value is the greatest. */
function firstGreatest(values: readonly number[]): number {
  const greatest = Math.max(...values)
  return values.findIndex((value) => value >= greatest - TOLERANCE)
}
