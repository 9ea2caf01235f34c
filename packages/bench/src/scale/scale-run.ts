import { createAgent, knownDraws, parsePolicy, prosocialityOfLambda } from '@commonweal/node/agent'
import { createLocalGenesis } from '@commonweal/node/local'
import { type Input, present } from '@commonweal/protocol'
import type { Checker, Failure, FinalEffect } from '../simulator/checker/checker.ts'
import type { Instance } from '../simulator/engine/instance.ts'
import { KeyRing } from '../simulator/engine/keyed-hash.ts'
import { World } from '../simulator/engine/world.ts'
import { attachAgents } from '../simulator/network/attached-agents.ts'
import { createReplicaNetwork } from '../simulator/network/replica-network.ts'
import { FAULTLESS_LINK } from '../simulator/plan/plan.ts'

const SEED = 'scale'
/** The run ends at its heights; that is the limit of the world's patience. */
const RUN_MS_MAX = 3_600_000

export interface ScaleOptions {
  readonly validators: number
  readonly followers: number
  readonly heights: number
}

export interface ScaleReport {
  /** Signed messages that replicas took in, each counted where it arrives. */
  readonly deliveries: number
  readonly virtualMs: number
  /** Processor time, so that what else the machine does is not in it; the collector's threads are. */
  readonly processorMs: number
  readonly failures: readonly Failure[]
  /** Replicas that have all heights. */
  readonly doneCount: number
}

/** Plays a commons among validators, watched by followers that take in every message and execute every block. */
export function runScale({ validators, followers, heights }: ScaleOptions): ScaleReport {
  const genesis = createLocalGenesis({ nodes: validators, seed: SEED, contract: 'none' })
  const seats = genesis.accounts.map(({ agent }) => agent)
  const count = validators + followers
  const { signers, verify } = new KeyRing(count, SEED, seats)
  const arrivals = new Arrivals(heights, count)
  const startedAt = process.cpuUsage()
  const world = new World({
    plan: {
      seed: SEED,
      stakesMicro: Array.from({ length: count }, (_, agent) => (agent < validators ? 1n : 0n)),
      instances: Array.from({ length: count }, (_, agent) => {
        return { agent, behaviour: 'honest', clockOffsetMs: 0, clockDriftPpm: 0 }
      }),
      link: FAULTLESS_LINK,
      partitions: [],
      viewPartitions: [],
      crashes: [],
      healAtMs: RUN_MS_MAX,
    },
    network: createReplicaNetwork({
      genesis,
      signers,
      verify,
      seed: SEED,
      voterCount: validators,
    }),
    checkers: [arrivals],
    onEffect: attachAgents(
      seats.map(() => createHarvester()),
      1,
    ),
    isOver: () => arrivals.doneCount === count,
    progressLimitMs: 0,
  }).run()
  return {
    deliveries: arrivals.deliveries,
    virtualMs: world.endedAtMs,
    processorMs: processorMsSince(startedAt),
    failures: world.failures,
    doneCount: arrivals.doneCount,
  }
}

/** Processor time of this process since then. */
export function processorMsSince(startedAt: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(startedAt)
  return (user + system) / 1_000
}

function createHarvester(): ReturnType<typeof createAgent> {
  const policy = parsePolicy('utility')
  const prosociality = prosocialityOfLambda(1)
  return createAgent({
    policy: present(policy.ok ? policy.value : null, 'utility is a policy'),
    prosociality: present(prosociality.ok ? prosociality.value : null, 'λ is at least 0'),
    derive: knownDraws('harvester'),
  })
}

/** Counts what arrives, and the replicas that are through. */
class Arrivals implements Checker {
  deliveries = 0
  doneCount = 0
  readonly #heights: number
  readonly #isDone: boolean[]

  constructor(heights: number, count: number) {
    this.#heights = heights
    this.#isDone = Array.from({ length: count }, () => false)
  }

  onDelivered(_instance: Instance, input: Input): readonly Failure[] {
    if (input.kind === 'message') this.deliveries += 1
    return []
  }

  onFinal(instance: Instance, { blocks }: FinalEffect): readonly Failure[] {
    const height = blocks.at(-1)?.block.header.height ?? 0
    if (height < this.#heights || this.#isDone[instance.index] === true) return []
    this.#isDone[instance.index] = true
    this.doneCount += 1
    return []
  }
}
