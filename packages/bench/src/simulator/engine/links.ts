import type { Plan, ViewPartition } from '../plan/plan.ts'
import type { Random } from './random.ts'

/** Between which views of an epoch a sender stands. */
export interface Place {
  readonly epoch: number
  readonly view: number
}

/** When a copy of a message arrives. A held one passes every cut. */
export interface Arrival {
  readonly atMs: number
  readonly isHeld: boolean
}

/** The links between the instances of a world: when, if ever, a message arrives. */
export class Links {
  readonly #plan: Plan
  readonly #random: Random
  readonly #byView = new Map<string, ViewPartition>()
  #groups: readonly number[] | null = null
  #isHealed = false

  constructor(plan: Plan, random: Random) {
    this.#plan = plan
    this.#random = random
    for (const partition of plan.viewPartitions) {
      this.#byView.set(`${partition.epoch}/${partition.view}`, partition)
    }
  }

  /** Cuts the network along these groups; null mends it. */
  partition(groups: readonly number[] | null): void {
    this.#groups = groups
  }

  heal(): void {
    this.#groups = null
    this.#isHealed = true
  }

  /** Whether a wire between the two works at all at this moment. */
  isConnected(from: number, to: number): boolean {
    return this.#groups === null || this.#groups[from] === this.#groups[to]
  }

  /** Instants at which copies of a message arrive: none when it is lost. */
  arrivals(from: number, to: number, place: Place, nowMs: number): readonly Arrival[] {
    const { link, healAtMs } = this.#plan
    if (this.#isHealed) return [{ atMs: nowMs + this.#latencyMs(), isHeld: false }]
    if (!this.isConnected(from, to) || this.#isCutByView(from, to, place)) {
      if (!this.#random.chance(link.heldPpm)) return []
      return [{ atMs: healAtMs + this.#latencyMs(), isHeld: true }]
    }
    if (this.#random.chance(link.lossPpm)) return []
    const copies = [{ atMs: nowMs + this.#faultyLatencyMs(), isHeld: false }]
    if (this.#random.chance(link.duplicatePpm)) {
      copies.push({ atMs: nowMs + this.#faultyLatencyMs(), isHeld: false })
    }
    return copies
  }

  #isCutByView(from: number, to: number, { epoch, view }: Place): boolean {
    const partition = this.#byView.get(`${epoch}/${view}`)
    if (partition === undefined || partition.listeners.includes(to)) return false
    return partition.groups[from] !== partition.groups[to]
  }

  #latencyMs(): number {
    return this.#random.between(this.#plan.link.latencyMinMs, this.#plan.link.latencyMaxMs)
  }

  #faultyLatencyMs(): number {
    const { delayPpm, delayMaxMs } = this.#plan.link
    const extraMs = this.#random.chance(delayPpm) ? this.#random.below(delayMaxMs) : 0
    return this.#latencyMs() + extraMs
  }
}
