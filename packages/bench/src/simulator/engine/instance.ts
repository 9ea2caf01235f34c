import type { JournalRecord } from '@commonweal/protocol'
import type { Crash, InstancePlan } from '../plan/plan.ts'
import type { Process } from '../process.ts'
import { Disk } from './disk.ts'

/** Gossip forgets that it has seen a message after this long. */
export const SEEN_TTL_MS = 120_000

/** One place where a process runs, and what outlives the process: its disk, its clock, the plan of its crashes. */
export class Instance {
  readonly index: number
  readonly agent: number
  readonly isHonest: boolean
  readonly plan: InstancePlan
  readonly disk: Disk = new Disk()
  /** Null while it is down. */
  process: Process | null = null
  /** Counts starts, so that what was meant for an earlier process does not reach a later one. */
  generation = 0
  /** The instant of the wake-up that is queued, in world time; null when none is. */
  wakeAtMs: number | null = null
  readonly #crashes = new Map<number, Crash>()
  readonly #seenAtMs = new Map<string, number>()
  #persistCount = 0

  constructor(index: number, plan: InstancePlan, crashes: readonly Crash[]) {
    this.index = index
    this.agent = plan.agent
    this.plan = plan
    this.isHonest = plan.behaviour === 'honest'
    for (const crash of crashes)
      if (crash.instance === index) this.#crashes.set(crash.persist, crash)
  }

  /** What its clock shows at an instant of the world. */
  localMs(worldMs: number): number {
    const driftMs = Math.floor((worldMs * this.plan.clockDriftPpm) / 1_000_000)
    return worldMs + driftMs + this.plan.clockOffsetMs
  }

  /** The first instant of the world at which its clock shows at least this. */
  worldMs(localMs: number): number {
    const rate = 1 + this.plan.clockDriftPpm / 1_000_000
    let worldMs = Math.floor((localMs - this.plan.clockOffsetMs) / rate) - 1
    while (this.localMs(worldMs) < localMs) worldMs += 1
    return worldMs
  }

  /** Writes records, unless the plan has it crash here: then writes what the plan says and gives the crash. */
  persist(records: readonly JournalRecord[]): Crash | null {
    this.#persistCount += 1
    const crash = this.#crashes.get(this.#persistCount) ?? null
    if (crash?.moment === 'before') return crash
    if (crash?.moment === 'torn') this.disk.addRecords(records.slice(0, records.length >> 1))
    else this.disk.addRecords(records)
    return crash
  }

  /** Gossip's seen cache: whether this content is new here; it is not again for {@link SEEN_TTL_MS}. */
  see(contentId: string, nowMs: number): boolean {
    const seenAtMs = this.#seenAtMs.get(contentId)
    if (seenAtMs !== undefined && nowMs < seenAtMs + SEEN_TTL_MS) return false
    this.#seenAtMs.set(contentId, nowMs)
    return true
  }

  /** A new process forgets what gossip has seen: the cache is memory. */
  forget(): void {
    this.#seenAtMs.clear()
  }
}
