import { computeSustainableShare } from '@commonweal/protocol'
import type { CommonsNegotiation, CommonsSituation, Move, Player } from '../agent.ts'
import { composeTerms } from '../utility/bargaining.ts'
import { computeCandidates } from '../utility/candidate.ts'
import { RATE_PERCENT_DEFAULT } from '../utility/policy.ts'
import { planExploit, rateOf } from './exploit.ts'

/**
 * Agrees to whatever is on the table, or proposes the fair law itself, and holds back until then. Once there is a contract it
 * takes what brings itself the most while the others keep to it: words hinder nothing, and a law only what it can name.
 */
export function createDefector(): Player<CommonsSituation> {
  return {
    negotiate(situation: CommonsNegotiation): Move {
      const { standing, holds, seat, contract, covering } = situation
      if (contract === 'none' || covering !== null) return { move: 'pass' }
      if (standing !== null) {
        return holds[seat] === standing.id ? { move: 'pass' } : { move: 'accept' }
      }
      const [fair] = computeCandidates(situation, RATE_PERCENT_DEFAULT)
      if (fair === undefined) return { move: 'pass' }
      return { move: 'propose', terms: composeTerms(situation, fair) }
    },
    act(situation: CommonsSituation): bigint {
      const { contract, law, state, seats, seat } = situation
      // Words are always agreed to, so where there may be words there are some.
      const isTrusted = contract === 'text' || law !== null
      if (isTrusted) return BigInt(planExploit(situation, [seat]))
      return BigInt(computeSustainableShare(state.stock, rateOf(situation), seats.length))
    },
  }
}
