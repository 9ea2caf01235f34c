import type { StateChange } from '@commonweal/node/adversary'
import {
  builtInSubnets,
  computeChainTotals,
  createReplica,
  finalLedger,
  type Genesis,
  headOf,
  type Input,
  type Ledger,
  networkIdOf,
  nextDeadlineMs,
  present,
  type Replica,
  type ReplicaContext,
  type ReplicaStep,
  restoreReplica,
  type Saved,
  type Signer,
  step,
  type Verify,
} from '@commonweal/protocol'
import type { Disk } from '../engine/disk.ts'
import type { Inspection, Network, Process, ProcessEffect, ProcessOptions } from '../process.ts'

export interface ReplicaNetworkOptions {
  readonly genesis: Genesis
  /** The keys of the genesis' accounts, in their order: keyed hashes or real ones. */
  readonly signers: readonly Signer[]
  readonly verify: Verify
  /** Fixes the validators' shares, so that every fidelity has the same beacon; null draws them from their keys. */
  readonly seed: string | null
  /** Agents that vote, the first ones; the others follow. Default all. */
  readonly voterCount?: number
  /** What the replica of an agent does to its own state after each step; default nothing. */
  readonly changeOf?: (agent: number) => StateChange | undefined
}

/** A network whose processes show their ledgers. */
export interface ReplicaNetwork extends Network {
  createProcess(options: ProcessOptions): ReplicaProcess
}

/** Whole replicas: consensus, ledger, negotiation and duties, as a node runs them. */
export function createReplicaNetwork(options: ReplicaNetworkOptions): ReplicaNetwork {
  const { genesis, signers, verify, seed } = options
  const networkId = networkIdOf(genesis)
  const contextOf = (agent: number): ReplicaContext => ({
    genesis,
    networkId,
    verify,
    subnets: builtInSubnets,
    signer: present(signers[agent], 'an instance runs an agent of the network'),
    votes: agent < (options.voterCount ?? signers.length),
    seed,
  })
  const first = createReplica(contextOf(0), 0)
  return {
    networkId,
    verify,
    signers,
    validators: headOf(finalLedger(first.state)).validators,
    createProcess: ({ agent, disk, nowMs }: ProcessOptions) =>
      new ReplicaProcess(contextOf(agent), disk, nowMs, options.changeOf?.(agent)),
  }
}

/** A replica with its state. Its ledger is there for whoever answers its questions. */
export class ReplicaProcess implements Process {
  readonly #context: ReplicaContext
  readonly #startedAtMs: number
  readonly #change: StateChange | undefined
  #replica: Replica
  /** What starting wants done: handed out with the first step. */
  #pending: readonly ProcessEffect[]

  constructor(context: ReplicaContext, disk: Disk, nowMs: number, change?: StateChange) {
    const { state, effects } = start(context, disk, nowMs)
    this.#context = context
    this.#replica = state
    this.#pending = effects
    this.#startedAtMs = nowMs
    this.#change = change
  }

  get ledger(): Ledger {
    return finalLedger(this.#replica)
  }

  step(input: Input): readonly ProcessEffect[] {
    const { state, effects } = step(this.#context, this.#replica, input)
    this.#replica = this.#change === undefined ? state : this.#change(state)
    const all = [...this.#pending, ...effects]
    this.#pending = []
    return all
  }

  nextDeadlineMs(): number | null {
    return this.#pending.length > 0 ? this.#startedAtMs : nextDeadlineMs(this.#replica)
  }

  inspect(): Inspection {
    const { epoch, view, final } = this.#replica.simplex
    return { epoch, view, height: final.height, stateDigest: final.state.ledger.digest() }
  }

  findStateFault(): string | null {
    const { errorMicro } = computeChainTotals(this.ledger)
    return errorMicro === 0n ? null : `${errorMicro} micro-tokens came from nowhere or went nowhere`
  }
}

function start(context: ReplicaContext, disk: Disk, nowMs: number): ReplicaStep {
  const isFirst = disk.records.length === 0 && disk.finals.length === 0
  return isFirst ? createReplica(context, nowMs) : restoreReplica(context, savedOn(disk), nowMs)
}

function savedOn(disk: Disk): Saved {
  const { latestSnapshot, finals, records } = disk
  const end = latestSnapshot === null ? undefined : disk.epochEnd(latestSnapshot.epoch)
  const blocks = finals.flatMap(({ blocks: finalized, certificate }) =>
    finalized.map(({ block }, index) => ({
      block,
      certificate: index === finalized.length - 1 ? certificate : null,
    })),
  )
  return {
    snapshot:
      latestSnapshot === null ? null : { ...latestSnapshot, certificate: end?.certificate ?? null },
    blocks: blocks.filter(({ block }) => block.header.height > (latestSnapshot?.height ?? 0)),
    records,
  }
}
