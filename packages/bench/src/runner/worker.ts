import { findFidelity } from '../experiment/fidelity-named.ts'
import type { RunPlan } from '../experiment/run-plan.ts'
import type { RunResult } from '../experiment/run-result.ts'

/** What a worker answers: the result of its run, or the defect that it met. */
export type WorkerAnswer =
  | { readonly kind: 'result'; readonly result: RunResult }
  | { readonly kind: 'threw'; readonly sentence: string }

const ending = new AbortController()

// Ctrl-C reaches every process of a terminal: the parent decides what becomes of a run.
process.on('SIGINT', () => undefined)
process.on('message', (plan: RunPlan) => {
  void answer(plan).then((made) => process.send?.(made))
})
process.on('disconnect', () => {
  ending.abort()
  process.exit(0)
})

async function answer(plan: RunPlan): Promise<WorkerAnswer> {
  try {
    const fidelity = findFidelity(plan.condition.fidelity)
    return { kind: 'result', result: await fidelity.run(plan, ending.signal) }
  } catch (cause) {
    const sentence = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    return { kind: 'threw', sentence }
  }
}
