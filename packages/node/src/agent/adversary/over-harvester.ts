import { type CommonsState, computeSustainableShare } from '@commonweal/protocol'
import type { CommonsNegotiation, CommonsSituation, Move, Player } from '../agent.ts'
import { createBargainer } from '../utility/bargainer.ts'
import { RATE_PERCENT_DEFAULT } from '../utility/policy.ts'
import { rateOf } from './exploit.ts'
import { preferenceOfTheta } from './preference.ts'

/** Of its sustainable share. */
const TIMES = 2

/** Requests twice what it could take for good, whatever the law says; it bargains as a selfish agent that plays so. */
export function createOverHarvester(): Player<CommonsSituation> {
  const negotiate = createBargainer({
    play: (situation) => (state) => requestOf(situation, state),
    prosociality: preferenceOfTheta(0),
    ratePercent: RATE_PERCENT_DEFAULT,
  })
  return {
    negotiate(situation: CommonsNegotiation): Move {
      return negotiate(situation)
    },
    act(situation: CommonsSituation): bigint {
      return BigInt(requestOf(situation, situation.state))
    },
  }
}

function requestOf(situation: CommonsSituation, { stock }: CommonsState): number {
  const share = computeSustainableShare(stock, rateOf(situation), situation.seats.length)
  return Math.min(stock, Math.max(1, TIMES * share))
}
