import { findFidelity } from '../experiment/fidelity-named.ts'
import type { Models } from '../experiment/llm/models.ts'
import type { RunPlan } from '../experiment/run-plan.ts'
import type { RunResult } from '../experiment/run-result.ts'

/** What comes of a run: its result, or the defect that it met. */
export type WorkerAnswer =
  | { readonly kind: 'result'; readonly result: RunResult }
  | { readonly kind: 'threw'; readonly sentence: string }

/** Carries out a run, here. Never rejects. */
export async function answerPlan(
  plan: RunPlan,
  signal: AbortSignal,
  models?: Models,
): Promise<WorkerAnswer> {
  try {
    const fidelity = findFidelity(plan.condition.fidelity)
    return { kind: 'result', result: await fidelity.run(plan, signal, models) }
  } catch (cause) {
    const sentence = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    return { kind: 'threw', sentence }
  }
}
