import { valuePercentOf } from '@commonweal/protocol'
import type { CommonsNegotiation, CommonsSituation, Move, Player } from '../agent.ts'
import { isProsocialEnough, type Prosociality } from '../prosocial.ts'
import { computeAllotments } from './allotment.ts'
import { createBargainer } from './bargainer.ts'
import { imposedCandidate } from './candidate.ts'
import {
  computeRequest,
  GREEDY,
  type HarvestPolicy,
  RATE_PERCENT_DEFAULT,
  type UtilityPolicy,
} from './policy.ts'
import type { SeatPlay } from './valuation.ts'

export interface ClosedFormOptions {
  readonly policy: HarvestPolicy | UtilityPolicy
  readonly prosociality: Prosociality
  /** The one law that the agent bargains over, as the limit of a cap: "stock / 10". */
  readonly law?: string
}

/**
 * The built-in player of a commons: deterministic, answers at once, needs no model. [AGT-8]
 *
 * It harvests by its policy and bargains by what its look-ahead says each law is worth to it. The default policy,
 * `utility`, is greedy below the agent's λ* and steady from it on.
 */
export function createClosedFormPlayer(options: ClosedFormOptions): Player<CommonsSituation> {
  const { policy, prosociality, law } = options
  const negotiate = createBargainer({
    play: (situation) => createOwnPlay(situation, options),
    prosociality,
    ratePercent: 'ratePercent' in policy ? policy.ratePercent : RATE_PERCENT_DEFAULT,
    ...(law === undefined ? {} : { candidates: () => [imposedCandidate(law)] }),
  })
  return {
    negotiate(situation: CommonsNegotiation): Move {
      return negotiate(situation)
    },
    act(situation: CommonsSituation): bigint {
      const play = createOwnPlay(situation, options)
      return BigInt(play(situation.state, situation.law?.bound ?? null))
    },
  }
}

/** How the agent itself plays. [AGT-8] */
function createOwnPlay(
  situation: CommonsSituation,
  { policy, prosociality }: ClosedFormOptions,
): SeatPlay {
  const { params, seats, seat } = situation
  const count = seats.length
  if (policy.name !== 'utility') return ({ stock }) => computeRequest(policy, stock, count)

  const ratePercent = situation.signalRatePercent ?? policy.ratePercent
  const values = seats.map((_, index) => valuePercentOf(params, index))
  if (!isProsocialEnough(prosociality, ratePercent / 100, values, seat)) {
    return ({ stock }) => computeRequest(GREEDY, stock, count)
  }
  const steady: HarvestPolicy = { name: 'steady', ratePercent }
  return (state, law) => {
    const request = computeRequest(steady, state.stock, count)
    if (law === null || law.bound[seat] !== true) return request
    const allotments = computeAllotments(params, state, law)
    const total = allotments.reduce((sum, allotment) => sum + allotment, 0)
    // Where the law keeps the stock whatever is requested, a unit left over would not renew itself.
    const keepsStock = total * ratePercent <= state.stock * (ratePercent - 100)
    return keepsStock ? (allotments[seat] ?? request) : request
  }
}
