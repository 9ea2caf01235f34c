import {
  createCrasher,
  createFaulty,
  dropPool,
  type FaultKind,
  stateChangeOf,
  timedSpells,
} from '@commonweal/node/adversary'
import { type AgentId, type Genesis, present, type Signer, type Verify } from '@commonweal/protocol'
import { Random } from '../../simulator/engine/random.ts'
import { Reader } from '../../simulator/engine/reader.ts'
import {
  createReplicaNetwork,
  type ReplicaNetwork,
  type ReplicaProcess,
} from '../../simulator/network/replica-network.ts'
import type { Network, Process, ProcessOptions } from '../../simulator/process.ts'
import type { NetworkConditions } from '../experiment.ts'

/** What an agent takes to answer, in virtual time. */
export const THINK_MS = 1

/** What the replica of a seat does wrong, from an epoch on. */
export interface SeatFault {
  readonly kind: FaultKind
  readonly fromEpoch: number
  readonly spellMs: number
}

export interface SimNetworkOptions {
  readonly genesis: Genesis
  readonly seed: string
  readonly signers: readonly Signer[]
  readonly verify: Verify
  /** By seat; null for a replica that keeps the rules. */
  readonly faults: readonly (SeatFault | null)[]
  readonly crashes: NetworkConditions['crashes']
  /** Around each faulty replica, so that what it says is noted. */
  readonly observe: (agent: AgentId, process: Process) => Process
  /** Around the replica of one seat, so that what it sees of the others is noted. */
  readonly witnessed: {
    readonly seat: number
    readonly observe: (agent: AgentId, replica: ReplicaProcess) => Process
  }
}

/** Whole replicas, some of them faulty, and the latest replica of each seat behind whatever is wrong with it. */
export class SimNetwork implements Network {
  readonly networkId: Network['networkId']
  readonly verify: Verify
  readonly signers: readonly Signer[]
  readonly validators: Network['validators']
  readonly #options: SimNetworkOptions
  readonly #honest: ReplicaNetwork
  /** For the second mouth of a replica that says two things: it proposes nothing but empty blocks. */
  readonly #second: ReplicaNetwork
  readonly #reader: Reader
  readonly #replicas = new Map<number, ReplicaProcess>()

  constructor(options: SimNetworkOptions) {
    const { faults } = options
    const network = createReplicaNetwork({
      ...options,
      changeOf: (agent) => {
        const fault = faults[agent] ?? null
        return fault === null ? undefined : stateChangeOf(fault.kind, fault.fromEpoch)
      },
    })
    this.networkId = network.networkId
    this.verify = network.verify
    this.signers = network.signers
    this.validators = network.validators
    this.#options = options
    this.#honest = network
    this.#second = createReplicaNetwork({ ...options, changeOf: () => dropPool })
    this.#reader = new Reader(network)
  }

  /** The replica of a seat, to be asked what it sees. */
  replicaOf(seat: number): ReplicaProcess | undefined {
    return this.#replicas.get(seat)
  }

  createProcess(options: ProcessOptions): Process {
    const spells = this.#options.crashes.flatMap(({ node, atMs, restartAtMs }) =>
      node === options.agent ? [{ fromMs: atMs, toMs: restartAtMs }] : [],
    )
    const process = this.#createSeat(options)
    if (spells.length === 0) return process
    const restart = (nowMs: number): Process => this.#createSeat({ ...options, nowMs })
    return createCrasher(process, timedSpells(spells), restart)
  }

  #createSeat(options: ProcessOptions): Process {
    const { faults, observe, signers, witnessed } = this.#options
    const replica = this.#createReplica(options)
    const fault = faults[options.agent] ?? null
    const agent = signers[options.agent]?.agent
    if (agent === undefined) return replica
    if (options.agent === witnessed.seat) return witnessed.observe(agent, replica)
    if (fault === null) return replica
    return observe(agent, this.#createFaulty(fault, replica, options))
  }

  #createFaulty(
    { kind, fromEpoch, spellMs }: SeatFault,
    first: Process,
    options: ProcessOptions,
  ): Process {
    return createFaulty(kind, first, {
      fromEpoch,
      spellMs,
      networkId: this.networkId,
      signer: present(this.signers[options.agent], 'a process has a key'),
      agents: this.signers.map(({ agent }) => agent),
      random: new Random(this.#options.seed, `fault/${options.instance}`),
      open: (envelope) => this.#reader.open(envelope),
      createSecond: () => this.#second.createProcess(options),
      restart: (nowMs) => this.#createReplica({ ...options, nowMs }),
    })
  }

  #createReplica(options: ProcessOptions): ReplicaProcess {
    const replica = this.#honest.createProcess(options)
    this.#replicas.set(options.agent, replica)
    return replica
  }
}
