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
let atWork: Promise<unknown> = Promise.resolve()
process.on('message', (plan: RunPlan) => {
  atWork = answer(plan).then((made) => (process.connected ? process.send?.(made) : undefined))
})
// Given up, or whoever asked is gone: what is under way is ended, and cleans up.
for (const event of ['SIGTERM', 'disconnect'] as const) {
  process.on(event, () => {
    ending.abort()
    void atWork.finally(() => process.exit(0))
  })
}

async function answer(plan: RunPlan): Promise<WorkerAnswer> {
  try {
    const fidelity = findFidelity(plan.condition.fidelity)
    return { kind: 'result', result: await fidelity.run(plan, ending.signal) }
  } catch (cause) {
    const sentence = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    return { kind: 'threw', sentence }
  }
}
