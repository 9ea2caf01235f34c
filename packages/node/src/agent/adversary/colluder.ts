import type { CommonsNegotiation, CommonsSituation, Move, Player } from '../agent.ts'
import type { Prosociality } from '../prosocial.ts'
import { createBargainer } from '../utility/bargainer.ts'
import { RATE_PERCENT_DEFAULT } from '../utility/policy.ts'
import { partOf, planExploit } from './exploit.ts'

/**
 * One of several seats with one aim: the sum of what they get, plus λ·W. They take what brings the ring the most while the
 * outsiders hold back, in equal parts, and bargain for laws by what the ring gets.
 */
export function createColluder(
  ring: readonly number[],
  prosociality: Prosociality,
): Player<CommonsSituation> {
  const negotiate = createBargainer({
    // A part is never above the stock, and what a law lets through of more is the same.
    play:
      () =>
      ({ stock }) =>
        stock,
    prosociality,
    ratePercent: RATE_PERCENT_DEFAULT,
    ring,
  })
  return {
    negotiate(situation: CommonsNegotiation): Move {
      return negotiate(situation)
    },
    act(situation: CommonsSituation): bigint {
      // Under a law each seat has a bound of its own, so none takes less for the sake of another.
      if (situation.law !== null) return BigInt(situation.state.stock)
      return partOf(planExploit(situation, ring), ring, situation.seat)
    },
  }
}
