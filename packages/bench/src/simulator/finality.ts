import { blockIdOf, type Cid, type Verified } from '@commonweal/protocol'
import type { Checker, Failure, FinalEffect } from './checker/checker.ts'
import type { Instance } from './engine/instance.ts'
import { World } from './engine/world.ts'
import { createConsensusNetwork } from './network/consensus-network.ts'
import { replicaWorld } from './network/replica-request.ts'
import type { Plan } from './plan/plan.ts'
import type { ProcessKind } from './request.ts'

export interface FinalityOptions {
  readonly nodeCount: number
  /** What every message takes, exactly. */
  readonly linkMs: number
  /** Final blocks that are measured. */
  readonly blockCount: number
  readonly process?: ProcessKind
}

/** How long blocks took from the sending of their proposal to the finalize quorum at every replica. */
export interface FinalityReport {
  /** One a block, in ms of virtual time, in order of height. */
  readonly finalityMs: readonly number[]
  /** The greatest of them, in links: 3 where nothing is lost. */
  readonly hopsMax: number
}

/** Measures finality where all is well. The wait for a transaction's inclusion is not part of it. [SIM-10] */
export function measureFinality(options: FinalityOptions): FinalityReport {
  const { nodeCount, linkMs, blockCount } = options
  const plan = createPlan(nodeCount, linkMs)
  const clock = new FinalityClock(nodeCount)
  const given =
    options.process === 'consensus'
      ? {
          network: createConsensusNetwork({
            name: plan.seed,
            stakesMicro: plan.stakesMicro,
            mayLeaveOut: [],
            leaderOrder: null,
            epochHeightsMax: blockCount,
          }),
        }
      : replicaWorld(plan)
  const isDone = (): boolean => clock.measuredMs().length >= blockCount
  const world = new World({ plan, ...given, checkers: [clock], isDone, progressLimitMs: 3_600_000 })
  const { failures } = world.run()
  const [failure] = failures
  if (failure !== undefined) throw new Error(`a run without faults failed: ${failure.sentence}`)
  const finalityMs = clock.measuredMs().slice(0, blockCount)
  return { finalityMs, hopsMax: Math.max(...finalityMs) / linkMs }
}

function createPlan(nodeCount: number, linkMs: number): Plan {
  return {
    seed: `finality/${nodeCount}/${linkMs}`,
    stakesMicro: Array.from({ length: nodeCount }, () => 1_000_000n),
    instances: Array.from({ length: nodeCount }, (_, agent) => ({
      agent,
      behaviour: 'honest',
      clockOffsetMs: 0,
      clockDriftPpm: 0,
    })),
    link: {
      latencyMinMs: linkMs,
      latencyMaxMs: linkMs,
      lossPpm: 0,
      duplicatePpm: 0,
      delayPpm: 0,
      delayMaxMs: 0,
      heldPpm: 0,
    },
    partitions: [],
    viewPartitions: [],
    crashes: [],
    healAtMs: 0,
  }
}

interface Passage {
  readonly proposedAtMs: number
  readonly finalAtMs: Map<number, number>
}

/** Notes when each block was first proposed, and when it was final at each instance. */
export class FinalityClock implements Checker {
  readonly #instanceCount: number
  readonly #passages = new Map<Cid, Passage>()

  constructor(instanceCount: number) {
    this.#instanceCount = instanceCount
  }

  onReleased(_instance: Instance, { message }: Verified, nowMs: number): readonly Failure[] {
    if (message.kind !== 'proposal') return []
    const id = blockIdOf(message.header)
    if (!this.#passages.has(id)) {
      this.#passages.set(id, { proposedAtMs: nowMs, finalAtMs: new Map() })
    }
    return []
  }

  onFinal(instance: Instance, { blocks }: FinalEffect, nowMs: number): readonly Failure[] {
    for (const { id } of blocks) this.#passages.get(id)?.finalAtMs.set(instance.index, nowMs)
    return []
  }

  /** Of the blocks that are final at every instance. */
  measuredMs(): readonly number[] {
    return [...this.#passages.values()].flatMap(({ proposedAtMs, finalAtMs }) =>
      finalAtMs.size < this.#instanceCount ? [] : [Math.max(...finalAtMs.values()) - proposedAtMs],
    )
  }
}
