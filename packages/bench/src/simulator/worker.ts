import type { RunRequest, RunResult } from './request.ts'
import { runRequest } from './run.ts'

/** What the parent sends, and what it gets back. */
export interface WorkerTask {
  readonly request: RunRequest
  /** Make every run twice and compare. */
  readonly isTwice: boolean
  /** Give the lines of the trace too. */
  readonly isTraceKept: boolean
}
export type WorkerAnswer =
  | { readonly kind: 'result'; readonly result: RunResult }
  | { readonly kind: 'unlike'; readonly request: RunRequest; readonly digests: readonly string[] }
  | { readonly kind: 'threw'; readonly request: RunRequest; readonly sentence: string }

/** A child process of {@link runPool}: one request at a time. */
process.on('message', (task: WorkerTask) => {
  process.send?.(answer(task))
})
process.on('disconnect', () => process.exit(0))

function answer({ request, isTwice, isTraceKept }: WorkerTask): WorkerAnswer {
  try {
    const result = runRequest(request, isTraceKept)
    if (!isTwice) return { kind: 'result', result }
    const again = runRequest(request)
    if (again.traceDigest === result.traceDigest) return { kind: 'result', result }
    return { kind: 'unlike', request, digests: [result.traceDigest, again.traceDigest] }
  } catch (cause) {
    const sentence = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    return { kind: 'threw', request, sentence }
  }
}
