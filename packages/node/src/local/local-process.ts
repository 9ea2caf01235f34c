import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { ConfigFile } from '../config.ts'
import { OperationalError } from '../errors.ts'

/** What a node process says of itself when it runs. */
export interface RunningProcess {
  readonly pid: number
  readonly name: string
  readonly peerId: string
  readonly agent: string
  readonly networkId: string
  /** Multiaddrs, each ending in `/p2p/<peer id>`. */
  readonly addresses: readonly string[]
  /** Of the HTTP API. */
  readonly api: string
  readonly logFile: string
}

/** How starting goes, for a node that joins a network. */
export type StartingEvent =
  | { readonly kind: 'peer'; readonly status: 'up' | 'down'; readonly peerId: string }
  | {
      readonly kind: 'peer'
      readonly status: 'refused'
      readonly peerId: string
      readonly code: string
    }
  /** It stands at a certified end of an epoch, or, with height 0, at the genesis. */
  | {
      readonly kind: 'joined'
      readonly epoch: number
      readonly height: number
      /** Heads of peers that were compared. */
      readonly heads: number
      readonly ageEpochs: number
    }

/** How a process ended: `code` is null where a signal ended it. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: string | null
}

/** - `start-failed`: the process ended before it ran, or did not run in time. */
export class LaunchError extends OperationalError<'start-failed'> {
  override readonly name = 'LaunchError'
}

const readySchema: z.ZodType<RunningProcess, unknown> = z.object({
  ready: z.literal(true),
  pid: z.int().positive(),
  name: z.string(),
  peerId: z.string(),
  agent: z.string(),
  networkId: z.string(),
  addresses: z.array(z.string()).min(1),
  api: z.string(),
  logFile: z.string(),
})

const startingSchema: z.ZodType<{ readonly starting: StartingEvent }, unknown> = z.object({
  starting: z.union([
    z.object({ kind: z.literal('peer'), status: z.enum(['up', 'down']), peerId: z.string() }),
    z.object({
      kind: z.literal('peer'),
      status: z.literal('refused'),
      peerId: z.string(),
      code: z.string(),
    }),
    z.object({
      kind: z.literal('joined'),
      epoch: z.int(),
      height: z.int(),
      heads: z.int(),
      ageEpochs: z.int(),
    }),
  ]),
})

/** In the data folder: all that the process writes beside its log, a crash above all. */
export const OUTPUT_FILE = 'output.log'

const SAID_LINES_MAX = 12

/** The node's program: source where this file is source, built JavaScript where it is built. */
const IS_SOURCE = import.meta.url.endsWith('.ts')
const PROGRAM = fileURLToPath(
  new URL(IS_SOURCE ? '../process.ts' : '../process.js', import.meta.url),
)

/**
 * One node process. It has a process group of its own, so that Ctrl-C in a terminal reaches only who launched it, and a
 * channel to its parent: if the parent dies, however it dies, the node stops.
 */
export class LocalProcess {
  readonly name: string
  readonly dataFolder: string
  /** Resolves when the process has ended. */
  readonly ended: Promise<ProcessExit>
  readonly #child: ChildProcess
  readonly #onStarting: (event: StartingEvent) => void
  #exit: ProcessExit | undefined

  /** Writes the config into the data folder and spawns the node. */
  constructor(
    name: string,
    dataFolder: string,
    config: Omit<ConfigFile, 'name' | 'dataFolder'>,
    onStarting: (event: StartingEvent) => void = () => {},
  ) {
    this.name = name
    this.#onStarting = onStarting
    this.dataFolder = dataFolder
    mkdirSync(dataFolder, { recursive: true })
    const configFile = join(dataFolder, 'config.json')
    writeFileSync(configFile, `${JSON.stringify({ name, dataFolder: '.', ...config }, null, 2)}\n`)
    const output = openSync(join(dataFolder, OUTPUT_FILE), 'a')
    const sourceFlags = IS_SOURCE ? ['--conditions=source'] : []
    this.#child = spawn(process.execPath, [...sourceFlags, PROGRAM, '--config', configFile], {
      stdio: ['ignore', output, output, 'ipc'],
      detached: true,
    })
    closeSync(output)
    const { promise, resolve } = Promise.withResolvers<ProcessExit>()
    this.ended = promise
    this.#child.once('exit', (code, signal) => {
      this.#exit = { code, signal }
      resolve(this.#exit)
    })
    this.#child.once('error', () => {
      this.#exit ??= { code: null, signal: 'not spawned' }
      resolve(this.#exit)
    })
  }

  get isRunning(): boolean {
    return this.#exit === undefined
  }

  /**
   * Resolves with what the process says of itself once it runs.
   *
   * Errors  LaunchError
   */
  async ready(timeoutMs: number): Promise<RunningProcess> {
    const { promise, resolve, reject } = Promise.withResolvers<RunningProcess>()
    const onMessage = (message: unknown): void => {
      const ready = readySchema.safeParse(message)
      if (ready.success) resolve(ready.data)
      const starting = startingSchema.safeParse(message)
      if (starting.success) this.#onStarting(starting.data.starting)
    }
    const timer = setTimeout(() => {
      reject(new LaunchError('start-failed', `${this.name} did not start in ${timeoutMs} ms`))
    }, timeoutMs)
    this.#child.on('message', onMessage)
    void this.ended.then((exit) => {
      reject(new LaunchError('start-failed', `${this.name} ${describeExit(exit)}: ${this.said()}`))
    })
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#child.off('message', onMessage)
    }
  }

  /** What the process wrote beside its log, for a person to see why it did not run. */
  said(): string {
    const text = readFileSync(join(this.dataFolder, OUTPUT_FILE), 'utf8').trim()
    return text === '' ? 'it said nothing' : text.split('\n').slice(-SAID_LINES_MAX).join('\n')
  }

  /** Asks the process to stop, and ends it where it does not in `graceMs`. Resolves when it has ended. */
  async stop(graceMs: number): Promise<ProcessExit> {
    if (!this.isRunning) return this.ended
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.kill(), graceMs)
    try {
      return await this.ended
    } finally {
      clearTimeout(timer)
    }
  }

  /** Ends the process at once. */
  kill(): void {
    if (this.isRunning) this.#child.kill('SIGKILL')
  }
}

/** "exited with code 70", "was ended by SIGKILL". */
export function describeExit({ code, signal }: ProcessExit): string {
  return code === null ? `was ended by ${signal ?? 'a signal'}` : `exited with code ${code}`
}
