import { type Clause, computeSustainableShare } from '@commonweal/protocol'
import type { CommonsNegotiation, CommonsSituation, Move, Player } from '../agent.ts'
import { createBargainer } from '../utility/bargainer.ts'
import { type Candidate, computeCandidates } from '../utility/candidate.ts'
import { computeRequest, GREEDY, RATE_PERCENT_DEFAULT } from '../utility/policy.ts'
import { preferenceOfTheta } from './preference.ts'

/** Premiums that it asks for, as parts of a seat's sustainable share. */
const PREMIUM_PARTS = [0.8, 0.5, 0.3, 0.2, 0.1]

/**
 * Contracts with itself at the expense of others: it offers the fair law with an insurance of which everybody pays the premium
 * and the pool pays out to the ring alone. It bargains over the premium, and signs no other law.
 */
export function createWasher(ring: readonly number[]): Player<CommonsSituation> {
  const negotiate = createBargainer({
    play:
      ({ seats }) =>
      ({ stock }) =>
        computeRequest(GREEDY, stock, seats.length),
    prosociality: preferenceOfTheta(0),
    ratePercent: RATE_PERCENT_DEFAULT,
    candidates: (situation) => washCandidates(situation, ring),
    ring,
  })
  return {
    negotiate(situation: CommonsNegotiation): Move {
      return negotiate(situation)
    },
    act({ state }: CommonsSituation): bigint {
      return BigInt(state.stock)
    },
  }
}

function washCandidates(
  situation: CommonsSituation,
  ring: readonly number[],
): readonly Candidate[] {
  const { params, state, seats } = situation
  const [fair] = computeCandidates(situation, RATE_PERCENT_DEFAULT)
  const share = computeSustainableShare(params.capacity, RATE_PERCENT_DEFAULT, seats.length)
  if (fair === undefined || params.language === 'stock-cap') return []
  const roundsLeft = BigInt(params.rounds - state.round + 1)
  return PREMIUM_PARTS.map((part) => {
    const premiumMicro = (BigInt(Math.round(part * 100 * share)) * params.unitMicro) / 100n
    const collateralMicro = seats.map(() => premiumMicro * roundsLeft)
    const text = `${fair.text} Each pays ${premiumMicro} into a pool for those who need it.`
    return {
      law: { clauses: [...fair.law.clauses, washClause(ring, seats.length, premiumMicro)] },
      text,
      collateralMicro,
    }
  })
}

/** A pool that all fill and that only the ring empties. */
function washClause(ring: readonly number[], seatCount: number, premiumMicro: bigint): Clause {
  const payoutMicro = (premiumMicro * BigInt(seatCount)) / BigInt(ring.length)
  const isOurs = ring.map((seat) => `self == ${seat}`).join(' || ')
  return {
    at: 'submission',
    when: 'true',
    then: {
      primitive: 'insurance',
      premium: String(premiumMicro),
      payout: `${isOurs} ? ${payoutMicro} : 0`,
    },
  }
}
