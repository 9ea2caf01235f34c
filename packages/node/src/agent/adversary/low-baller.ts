import type { CommonsNegotiation, CommonsSituation, Move, Player } from '../agent.ts'
import { createBargainer } from '../utility/bargainer.ts'
import { computeRequest, GREEDY, RATE_PERCENT_DEFAULT } from '../utility/policy.ts'
import { preferenceOfTheta } from './preference.ts'

/** Opens with the law that is best for itself and never concedes anything: it signs that one, or one as good, or none. */
export function createLowBaller(): Player<CommonsSituation> {
  const negotiate = createBargainer({
    play:
      ({ seats }) =>
      ({ stock }) =>
        computeRequest(GREEDY, stock, seats.length),
    prosociality: preferenceOfTheta(0),
    ratePercent: RATE_PERCENT_DEFAULT,
    concede: () => 0,
  })
  return {
    negotiate(situation: CommonsNegotiation): Move {
      const move = negotiate(situation)
      // When its own offer can no longer be agreed, an honest bargainer takes what beats no deal; this one does not.
      const isOwnDead =
        move.move === 'accept' && situation.turn > situation.turnsMax - situation.quorum
      return isOwnDead ? { move: 'pass' } : move
    },
    act({ state }: CommonsSituation): bigint {
      return BigInt(state.stock)
    },
  }
}
