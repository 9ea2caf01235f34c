import { fileURLToPath } from 'node:url'
import { runInWorkers } from '../worker-pool.ts'
import type { RunRequest } from './request.ts'
import type { WorkerAnswer, WorkerTask } from './worker.ts'

export interface PoolOptions {
  /** Child processes at work at the same time. */
  readonly jobCount: number
  /** The mutant whose core the workers load; null for the core as it is. */
  readonly mutant: string | null
  /** Make every run twice and compare the traces. */
  readonly isTwice: boolean
  /** Give the lines of the traces too: for few runs. */
  readonly isTraceKept: boolean
}

/**
 * Runs requests in child processes, in order of the list, and gives each answer to `onAnswer` as it comes.
 *
 * `onAnswer` ends the whole by returning false.
 * Errors  WorkerError: a worker ended before its answer.
 */
export async function runPool(
  requests: Iterable<RunRequest>,
  { jobCount, mutant, isTwice, isTraceKept }: PoolOptions,
  onAnswer: (answer: WorkerAnswer) => boolean,
): Promise<void> {
  const execArgv = ['--conditions=source', '--disable-warning=ExperimentalWarning']
  if (mutant !== null)
    execArgv.push('--import', new URL('./mutant/mutate.ts', import.meta.url).href)
  await runInWorkers<WorkerTask, WorkerAnswer>(
    tasksOf(requests, { isTwice, isTraceKept }),
    {
      module: fileURLToPath(new URL('./worker.ts', import.meta.url)),
      execArgv,
      env: { ...process.env, ...(mutant === null ? {} : { COMMONWEAL_MUTANT: mutant }) },
      jobCount,
      describe: ({ request }) => `seed ${request.seed}`,
    },
    (answer) => onAnswer(answer),
  )
}

function* tasksOf(
  requests: Iterable<RunRequest>,
  flags: Omit<WorkerTask, 'request'>,
): Iterable<WorkerTask> {
  for (const request of requests) yield { ...flags, request }
}
