import type { CommonsNegotiation, CommonsSituation, Move, Player } from '../agent.ts'
import { createColluder } from './colluder.ts'
import { preferenceOfTheta } from './preference.ts'

/**
 * One of several names of one owner, which counts nothing but what all its names get. They play as a selfish ring, and in a
 * negotiation they are one voice: what one of them has proposed or accepted, the others accept.
 */
export function createSybil(ring: readonly number[]): Player<CommonsSituation> {
  const colluder = createColluder(ring, preferenceOfTheta(0))
  return {
    negotiate(situation: CommonsNegotiation): Move {
      const { standing, seat, holds, contract } = situation
      const isSisters = standing?.holders.some((holder) => ring.includes(holder)) === true
      if (contract !== 'none' && standing !== null && isSisters && holds[seat] !== standing.id) {
        return { move: 'accept' }
      }
      return colluder.negotiate(situation)
    },
    act(situation: CommonsSituation): bigint {
      return colluder.act(situation)
    },
  }
}
