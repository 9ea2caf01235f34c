import type { CommonsSituation, Move, Player } from '../agent.ts'
import { planExploit } from './exploit.ts'

/** Signs nothing and lives off what the others leave: it takes what brings itself the most while they hold back. */
export function createFreeRider(): Player<CommonsSituation> {
  return {
    negotiate(): Move {
      return { move: 'pass' }
    },
    act(situation: CommonsSituation): bigint {
      return BigInt(planExploit(situation, [situation.seat]))
    },
  }
}
