import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
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
  options: PoolOptions,
  onAnswer: (answer: WorkerAnswer) => boolean,
): Promise<void> {
  const queue = requests[Symbol.iterator]()
  const flags = { isTwice: options.isTwice, isTraceKept: options.isTraceKept }
  let isStopped = false
  await Promise.all(
    Array.from({ length: options.jobCount }, async () => {
      const worker = startWorker(options.mutant)
      try {
        for (;;) {
          const next = isStopped ? { done: true as const } : queue.next()
          if (next.done === true) return
          const answer = await ask(worker, { ...flags, request: next.value })
          if (!isStopped && !onAnswer(answer)) isStopped = true
        }
      } finally {
        if (worker.child.connected) worker.child.disconnect()
      }
    }),
  )
}

interface Worker {
  readonly child: ChildProcess
  /** What it wrote to standard error, which tells why it ended. */
  readonly errors: string[]
}

function startWorker(mutant: string | null): Worker {
  const execArgv = ['--conditions=source', '--disable-warning=ExperimentalWarning']
  if (mutant !== null)
    execArgv.push('--import', new URL('./mutant/mutate.ts', import.meta.url).href)
  const env = { ...process.env, ...(mutant === null ? {} : { COMMONWEAL_MUTANT: mutant }) }
  const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), {
    execArgv,
    env,
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  const errors: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  return { child, errors }
}

function ask({ child, errors }: Worker, task: WorkerTask): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const onClose = (code: number | null): void => {
      reject(new WorkerError(task.request.seed, code, errors.join('')))
    }
    child.once('close', onClose)
    child.once('message', (answer: WorkerAnswer) => {
      child.off('close', onClose)
      resolve(answer)
    })
    child.send(task, () => undefined)
  })
}

/** A child process ended before it answered: its core cannot be loaded, or the machine ran out of something. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError'
  readonly stderr: string

  constructor(seed: number, code: number | null, stderr: string) {
    const reason = /^\w*Error\b.*$/m.exec(stderr)?.[0] ?? 'it said nothing'
    super(`a worker ended with code ${code} at seed ${seed}: ${reason}`)
    this.stderr = stderr
  }
}
