import {
  type AgentId,
  type ChainEvent,
  computeChainTotals,
  type Ledger,
  present,
} from '@commonweal/protocol'
import type { Failure } from '../../simulator/checker/checker.ts'
import { ConservationChecker } from '../../simulator/checker/conservation.ts'
import { KeyRing } from '../../simulator/engine/keyed-hash.ts'
import { Reader } from '../../simulator/engine/reader.ts'
import { World } from '../../simulator/engine/world.ts'
import type { WorldOptions } from '../../simulator/engine/world-options.ts'
import { FinalityClock } from '../../simulator/finality.ts'
import type { NetworkConditions } from '../experiment.ts'
import type { RunNetwork } from '../network-setup.ts'
import { ChainWatch, type PlacedEvent } from './chain-watch.ts'
import { ConductWatch } from './conduct-watch.ts'
import { OffenceWatch } from './offence-watch.ts'
import { type SeatFault, SimNetwork } from './sim-network.ts'
import { simPlanOf } from './sim-plan.ts'
import { Traffic } from './traffic.ts'

export interface SimOptions {
  readonly network: Pick<RunNetwork, 'genesis' | 'networkId'>
  readonly seed: string
  /** By seat. */
  readonly faults: readonly (SeatFault | null)[]
  readonly conditions: NetworkConditions
  /** Whoever answers what the replicas ask. */
  readonly attend: (sim: SimNetwork) => Pick<WorldOptions, 'onEffect' | 'onSignal' | 'onPeer'>
  /** Whether the run ends with an event; asked of each once, in their order. */
  readonly isLast: (event: ChainEvent) => boolean
}

/** What became of a run among whole replicas in virtual time. */
export interface SimReport {
  readonly events: readonly PlacedEvent[]
  readonly isEnded: boolean
  readonly failures: readonly Failure[]
  readonly forkCount: number
  readonly heights: number
  readonly virtualMs: number
  /** Of all final blocks. */
  readonly transactionCount: number
  /** Of each block that is final at every honest replica: from the sending of its proposal, where that was honest. */
  readonly finalityMs: readonly number[]
  readonly traffic: { readonly messages: number; readonly bytes: number }
  /** Faulty agents that contradicted themselves, and the final height at which each first did. */
  readonly offences: ReadonlyMap<AgentId, number>
  /** Whom the first replica that keeps the rules names for what, and at which final height first. */
  readonly named: ConductWatch['named']
  /** What came from nowhere or went nowhere, in the ledger of the last final block. */
  readonly errorMicro: bigint
}

/** Plays a network to the end of its run. The same options give the same report. */
export function playSim(options: SimOptions): SimReport {
  const { network, seed, faults, conditions } = options
  const { genesis } = network
  const agents = genesis.accounts.map(({ agent }) => agent)
  const ring = new KeyRing(agents.length, seed, agents)
  const { signers, verify } = ring
  const reader = new Reader({ networkId: network.networkId, verify })
  const offences = new OffenceWatch((envelope) => reader.open(envelope))
  const observe = offences.observe.bind(offences)
  const { crashes } = conditions
  const witness = faults.findIndex((fault) => fault === null)
  const conduct = new ConductWatch((envelope) => reader.open(envelope))
  const witnessed = { seat: witness, observe: conduct.observe.bind(conduct) }
  const given = { genesis, seed, signers, verify, faults, crashes, observe, witnessed }
  const sim = new SimNetwork(given)
  const chain = new ChainWatch(options.isLast)
  const clock = new FinalityClock(faults.filter((fault) => fault === null).length)
  const traffic = new Traffic()
  const world = new World({
    plan: simPlanOf(genesis, seed, conditions, faults),
    network: sim,
    checkers: [new ConservationChecker(), chain, clock, traffic],
    ...options.attend(sim),
    isOver: () => chain.isRunEnded,
    progressLimitMs: 0,
  }).run()
  return {
    events: chain.events,
    isEnded: chain.isRunEnded,
    failures: world.failures,
    forkCount: world.forks.length,
    heights: chain.height,
    virtualMs: world.endedAtMs,
    transactionCount: chain.transactionCount,
    finalityMs: clock.measuredMs(),
    traffic,
    offences: offences.firstHeights,
    named: conduct.named,
    errorMicro: computeChainTotals(honestLedger(sim, faults)).errorMicro,
  }
}

function honestLedger(sim: SimNetwork, faults: readonly (SeatFault | null)[]): Ledger {
  const replicas = faults.flatMap((fault, seat) => (fault === null ? [sim.replicaOf(seat)] : []))
  return present(replicas[0] ?? sim.replicaOf(0), 'a run has replicas').ledger
}
