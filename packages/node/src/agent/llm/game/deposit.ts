import { computeGainMax, type GameParams } from '@commonweal/protocol'
import type { NegotiationSituation } from '../../agent.ts'

/** What a model says that each seat sets aside for a round, as the collateral of terms that last to the end of the run. */
export function computeCollateral(
  { params, state, seats, contractDelay }: NegotiationSituation,
  depositMicro: number,
): readonly bigint[] {
  const roundsLeft = params.rounds - state.round - contractDelay + 1
  return seats.map(() => BigInt(depositMicro) * BigInt(Math.max(0, roundsLeft)))
}

/** One payoff more than the most that a seat's own choice can change: what a fine must be to decide a choice. */
export function computeScale(params: GameParams): number {
  return computeGainMax(params) + 1
}
