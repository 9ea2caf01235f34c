import { type ChildProcess, fork, type SerializationType } from 'node:child_process'

export interface WorkerOptions {
  /** The module that a child process runs: it answers each message with one. */
  readonly module: string
  readonly execArgv?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** How messages are written. [json] */
  readonly serialization?: SerializationType
}

export interface PoolOptions<Task> extends WorkerOptions {
  /** Child processes at work at the same time. */
  readonly jobCount: number
  /** Ends the whole: what is under way is given up. */
  readonly signal?: AbortSignal
  /** [false] Whether a worker that is given up is asked to end, by SIGTERM, and cleans up before it does. */
  readonly isCleanedUp?: boolean
  /** What an error calls a task. */
  readonly describe: (task: Task) => string
}

/**
 * Gives tasks to child processes, in order of the list, and each answer to `onAnswer` as it comes.
 *
 * `onAnswer` ends the whole by returning false.
 * Errors  WorkerError: a worker ended before its answer. Rejects with what `onAnswer` throws.
 */
export async function runInWorkers<Task, Answer>(
  tasks: Iterable<Task>,
  options: PoolOptions<Task>,
  onAnswer: (answer: Answer, task: Task) => boolean,
): Promise<void> {
  const queue = tasks[Symbol.iterator]()
  let isStopped = false
  await Promise.all(
    Array.from({ length: options.jobCount }, async () => {
      const worker = new Worker<Task, Answer>(options)
      const kill = (): void => worker.kill(options.isCleanedUp === true ? 'SIGTERM' : 'SIGKILL')
      options.signal?.addEventListener('abort', kill)
      try {
        while (!isStopped && options.signal?.aborted !== true) {
          const next = queue.next()
          if (next.done === true) return
          const answer = await worker.ask(next.value, options.describe)
          if (!isStopped && !onAnswer(answer, next.value)) isStopped = true
        }
      } catch (cause) {
        isStopped = true
        if (options.signal?.aborted !== true) throw cause
      } finally {
        options.signal?.removeEventListener('abort', kill)
        worker.end()
      }
    }),
  )
}

class Worker<Task, Answer> {
  readonly #child: ChildProcess
  /** What it wrote to standard error, which tells why it ended. */
  readonly #errors: string[] = []

  constructor({ module, execArgv, env, serialization = 'json' }: WorkerOptions) {
    this.#child = fork(module, {
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
      ...(env === undefined ? {} : { env }),
      serialization,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#errors.push(text))
  }

  ask(task: Task, describe: (task: Task) => string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const onClose = (code: number | null): void => {
        reject(new WorkerError(describe(task), code, this.#errors.join('')))
      }
      this.#child.once('close', onClose)
      this.#child.once('message', (answer: Answer) => {
        this.#child.off('close', onClose)
        resolve(answer)
      })
      this.#child.send(Object(task), () => undefined)
    })
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(signal)
  }

  end(): void {
    if (this.#child.connected) this.#child.disconnect()
  }
}

/** A child process ended before it answered: its module cannot be loaded, or the machine ran out of something. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError'
  readonly stderr: string

  constructor(task: string, code: number | null, stderr: string) {
    const reason = /^\w*Error\b.*$/m.exec(stderr)?.[0] ?? 'it said nothing'
    super(`a worker ended with code ${code} at ${task}: ${reason}`)
    this.stderr = stderr
  }
}
