import type { Agent, CommonsSituation, Move } from '../agent.ts'

/** Signs nothing, in the hope that the others bind themselves, and requests the whole stock. */
export function createHoldOut(): Agent {
  return {
    name: 'hold-out',
    negotiate(): Move {
      return { move: 'pass' }
    },
    act({ state }: CommonsSituation): bigint {
      return BigInt(state.stock)
    },
  }
}
