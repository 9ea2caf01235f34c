import { OperationalError } from '../../errors.ts'
import type { CommonsSituation, Move, Player } from '../agent.ts'
import type { AlwaysPolicy } from './policy.ts'

/** Requests the same in every round of a commons, and says nothing. */
export function createAlwaysPlayer({ action }: AlwaysPolicy): Player<CommonsSituation> {
  return {
    negotiate(): Move {
      return { move: 'pass' }
    },
    act(): bigint {
      if (/^\d/.test(action)) return BigInt(action)
      const accepted = 'accepted: a whole number, such as always:10'
      throw new OperationalError('agent-out-of-range', `a commons has no ${action}; ${accepted}`)
    },
  }
}
