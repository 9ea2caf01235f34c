import type { SignalFrame } from '@commonweal/node/agent'
import type { AgentId, Input } from '@commonweal/protocol'
import type { Fork } from '../checker/agreement.ts'
import type { Checker, Failure } from '../checker/checker.ts'
import type { Plan } from '../plan/plan.ts'
import type { Network, ProcessEffect } from '../process.ts'
import type { Scheduled, SentSignal, TimelessInput } from './event.ts'
import type { Instance } from './instance.ts'

export interface WorldOptions {
  readonly plan: Plan
  readonly network: Network
  /** Checkers beside those of agreement, accountability and progress. */
  readonly checkers?: readonly Checker[]
  /** Inputs that stand in the plan of the workload, from the start of the world. */
  readonly workload?: readonly {
    readonly atMs: number
    readonly instance: number
    readonly input: TimelessInput
  }[]
  /** Carries out an effect that the world does not know, such as a question to the agent; is shown what is final, too. */
  readonly onEffect?: (
    instance: Instance,
    effect: ProcessEffect,
    nowMs: number,
  ) => readonly (Scheduled | SentSignal)[]
  /** What another agent told the instance's one. */
  readonly onSignal?: (
    instance: Instance,
    signal: SignalFrame,
    from: AgentId,
  ) => readonly (Scheduled | SentSignal)[]
  /** An instance has found another agent's, or lost it. */
  readonly onPeer?: (instance: Instance, change: PeerChange) => readonly (Scheduled | SentSignal)[]
  /** Ends the run early, asked after every event once the network is healed and has progressed. Default: at once. */
  readonly isDone?: (instances: readonly Instance[]) => boolean
  /** Ends the run whatever is healed or has progressed, asked after every event. */
  readonly isOver?: () => boolean
  readonly isTraceKept?: boolean
  /** How long after healing progress may take; default PROGRESS_LIMIT_MS. */
  readonly progressLimitMs?: number
}

export type PeerChange = Extract<Input, { readonly kind: 'peer-up' | 'peer-down' }>

/** What became of a run. */
export interface WorldReport {
  readonly traceDigest: string
  readonly eventCount: number
  readonly failures: readonly Failure[]
  readonly forks: readonly Fork[]
  readonly convicted: readonly AgentId[]
  /** Final height of each instance; null for one that is down. */
  readonly heights: readonly (number | null)[]
  readonly epochs: readonly (number | null)[]
  /** Most views an honest instance entered after healing without a new final block. */
  readonly viewsAfterHealing: number
  readonly endedAtMs: number
  readonly lines: readonly string[] | null
}
