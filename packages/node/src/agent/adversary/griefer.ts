import { TOKEN_MICRO } from '@commonweal/protocol'
import type { CommonsNegotiation, CommonsSituation, Move, Player } from '../agent.ts'
import { composeTerms } from '../utility/bargaining.ts'
import { computeCandidates } from '../utility/candidate.ts'
import { RATE_PERCENT_DEFAULT } from '../utility/policy.ts'

/** More than anybody has. */
const UNFUNDED_MICRO: bigint = 1_000_000_000n * TOKEN_MICRO

/**
 * Accepts everything, and where it opens proposes the fair law, with a collateral of its own that it has not got: the others
 * agree, the ledger refuses for want of funds, and their time to talk is over. It requests the whole stock.
 */
export function createGriefer(): Player<CommonsSituation> {
  return {
    negotiate(situation: CommonsNegotiation): Move {
      const { standing, holds, seat, seats, contract, covering } = situation
      if (contract === 'none' || covering !== null) return { move: 'pass' }
      if (standing !== null) {
        return holds[seat] === standing.id ? { move: 'pass' } : { move: 'accept' }
      }
      const [fair] = computeCandidates(situation, RATE_PERCENT_DEFAULT)
      if (fair === undefined) return { move: 'pass' }
      const collateralMicro = seats.map((_, index) => (index === seat ? UNFUNDED_MICRO : 0n))
      return { move: 'propose', terms: composeTerms(situation, { ...fair, collateralMicro }) }
    },
    act({ state }: CommonsSituation): bigint {
      return BigInt(state.stock)
    },
  }
}
