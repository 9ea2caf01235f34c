import type { Metrics, RunEvent, RunResult } from '../run-result.ts'
import type { ChainFacts } from './chain-facts.ts'

/** What a chain came to, and what only a fidelity that has a chain can tell. */
export interface Played {
  readonly chain: ChainFacts
  /** Who was punished for what, in which round and at which height. */
  readonly slashings: readonly RunEvent[]
  readonly metrics: Metrics
}

/** Adds to a result what is no part of the outcome. */
export function withFindings(
  result: RunResult,
  { metrics, slashings }: Played,
  loss: Metrics,
): RunResult {
  if (result.status === 'failed') return result
  const events = [...result.events, ...slashings].toSorted((a, b) => a.round - b.round)
  return { ...result, metrics: { ...result.metrics, ...metrics, ...loss }, events }
}
