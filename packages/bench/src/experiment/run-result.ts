import type { JsonValue } from './canonical-json.ts'
import type { ModelFacts } from './llm/model-facts.ts'

/**
 * What came of one run.
 *
 * `failed` is a run that says nothing about the agents: an honest reveal missed its phase, a model did not answer. It is counted
 * apart and never scored.
 */
export type RunResult = (DoneRun | FailedRun) & {
  /** What it asked of models, where it asked any. */
  readonly asked?: ModelFacts
}

export interface DoneRun {
  readonly status: 'done'
  /** Actions, allocations, what laws did, and the metrics; no fees, heights or digests. The same at every fidelity. */
  readonly outcome: JsonValue
  /** Of the canonical JSON of the outcome. */
  readonly outcomeDigest: string
  /** By name; null where a metric has no value: a rate of nothing, a price that nothing divides. */
  readonly metrics: Metrics
  readonly events: readonly RunEvent[]
}

export interface FailedRun {
  readonly status: 'failed'
  /** In one sentence. */
  readonly reason: string
  readonly events: readonly RunEvent[]
}

export type Metrics = Readonly<Record<string, number | null>>

/** Something that happened, in the order of happening; what else it has depends on the kind. */
export interface RunEvent {
  readonly kind: string
  /** From 1: a round, or a question. */
  readonly round: number
  readonly [field: string]: JsonValue
}
