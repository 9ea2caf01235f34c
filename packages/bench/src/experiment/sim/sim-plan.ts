import { clockOf } from '@commonweal/node/adversary'
import type { Genesis } from '@commonweal/protocol'
import type { LinkFaults, Plan } from '../../simulator/plan/plan.ts'
import type { NetworkConditions } from '../experiment.ts'
import { partitionsOf } from '../partitions.ts'
import type { SeatFault } from './sim-network.ts'

/** Virtual time that a run may take: an hour. Its conditions last as long. */
export const RUN_MS_MAX = 3_600_000
const PPM = 1_000_000

/** The plan of a run: a process for each account, and the conditions of the network for as long as it lasts. */
export function simPlanOf(
  { accounts }: Genesis,
  seed: string,
  network: NetworkConditions,
  faults: readonly (SeatFault | null)[],
): Plan {
  return {
    seed,
    stakesMicro: accounts.map(({ bondMicro }) => bondMicro),
    instances: accounts.map((_, agent) => {
      const fault = faults[agent] ?? null
      const behaviour = fault === null ? 'honest' : 'made-faulty'
      return { agent, behaviour, ...clockOf(fault?.kind ?? null) }
    }),
    link: linkOf(network),
    partitions: partitionsOf(network, accounts.length),
    viewPartitions: [],
    crashes: [],
    healAtMs: RUN_MS_MAX,
  }
}

function linkOf({ latencyMs, jitterMs, loss }: NetworkConditions): LinkFaults {
  return {
    latencyMinMs: Math.round(latencyMs),
    latencyMaxMs: Math.round(latencyMs + jitterMs),
    lossPpm: Math.round(loss * PPM),
    duplicatePpm: 0,
    delayPpm: 0,
    delayMaxMs: 0,
    heldPpm: 0,
  }
}
