import type { CommonsSituation, Move, Player } from '../agent.ts'

/** Signs nothing, in the hope that the others bind themselves, and requests the whole stock. */
export function createHoldOut(): Player<CommonsSituation> {
  return {
    negotiate(): Move {
      return { move: 'pass' }
    },
    act({ state }: CommonsSituation): bigint {
      return BigInt(state.stock)
    },
  }
}
