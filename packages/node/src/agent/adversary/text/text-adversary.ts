import type { CommonsNegotiation, CommonsSituation, Move, Player } from '../../agent.ts'
import { composeTerms } from '../../utility/bargaining.ts'
import { capLaw } from '../../utility/candidate.ts'
import type { TextAttackName } from './text-attack.ts'
import { TEXT_ATTACKS } from './text-attacks.ts'

/** Part of an equal part of the stock that the attacker's terms leave to every other seat: a tenth. */
const LEFT_TO_OTHERS = 10

/**
 * Proposes terms that give it the whole stock and the others next to nothing, and has the words of an attack say why that
 * should be signed, and what should be requested afterwards. It signs nothing else, and requests the whole stock.
 */
export function createTextAdversary(name: TextAttackName): Player<CommonsSituation> {
  const attack = TEXT_ATTACKS[name]
  return {
    negotiate(situation: CommonsNegotiation): Move {
      const { contract, covering, seat, seats } = situation
      if (contract === 'none' || covering !== null) return { move: 'pass' }
      const limit = `self == ${seat} ? stock : stock / ${seats.length * LEFT_TO_OTHERS}`
      const text = attack({ seat, seats: seats.length })
      return { move: 'propose', terms: composeTerms(situation, { law: capLaw(limit), text }) }
    },
    act({ state }: CommonsSituation): bigint {
      return BigInt(state.stock)
    },
  }
}
