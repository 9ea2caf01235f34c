import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { present } from '@commonweal/protocol'
import { TOKEN_FILE } from '../api/guard.ts'
import {
  LaunchError,
  type LocalProcess,
  type ProcessExit,
  type RunningProcess,
} from './local-process.ts'

/** How long a node may take to stop before it is ended. */
export const STOP_GRACE_MS = 5_000
/** Longest wait for a node to run: several of them share a few cores. */
const START_MS_MAX = 60_000
/** Longest wait for a node to do what it is told, dialling its peers included, for the same reason. */
const ANSWER_MS_MAX = 60_000

/** One node of a launched network. */
export interface LocalNode extends RunningProcess {
  readonly index: number
  readonly dataFolder: string
}

/** Node processes on this machine, connected to one another. */
export interface LocalNetwork {
  readonly nodes: readonly LocalNode[]
  readonly networkId: string
  isRunning(index: number): boolean
  /** Cuts a node's links to these others, and only these, until the next call. */
  block(index: number, others: readonly number[]): Promise<void>
  /** Ends a node's process at once; nobody is told that it ended. */
  crash(index: number): Promise<void>
  /** Starts a crashed node again from its disk, where it was. Errors  LaunchError */
  restart(index: number): Promise<void>
  /**
   * Has a node without seat or stake join, which knows the addresses of all, the adversaries' first.
   *
   * Errors  LaunchError: it says why it does not follow anybody.
   */
  addNewcomer(): Promise<RunningProcess>
  /** Resolves when no process is left. */
  stop(): Promise<void>
  /** Ends every process at once. */
  kill(): void
}

export async function untilRunning(node: LocalProcess, index: number): Promise<LocalNode> {
  const running = await node.ready(START_MS_MAX)
  return { ...running, index, dataFolder: node.dataFolder }
}

interface RunningNetworkOptions {
  /** A process for a node whose last one has ended. */
  readonly spawn: (node: LocalNode) => LocalProcess
  /** How long after a node has killed itself it is started again; null for one that is not expected to. */
  readonly revivesAfterMs: (node: LocalNode) => number | null
  readonly spawnNewcomer: () => LocalProcess
  readonly onEnd: ((node: LocalNode, exit: ProcessExit) => void) | undefined
}

/** Watches the processes of a network, and ends them. */
export class RunningNetwork implements LocalNetwork {
  readonly networkId: string
  readonly #processes: LocalProcess[]
  readonly #nodes: LocalNode[]
  readonly #options: RunningNetworkOptions
  readonly #crashed = new Set<number>()
  readonly #revived = new Set<number>()
  readonly #stopping = new AbortController()

  constructor(
    processes: readonly LocalProcess[],
    nodes: readonly LocalNode[],
    options: RunningNetworkOptions,
  ) {
    this.#processes = [...processes]
    this.#nodes = [...nodes]
    this.#options = options
    this.networkId = nodes[0]?.networkId ?? ''
    for (const node of nodes) this.#watch(node)
  }

  get nodes(): readonly LocalNode[] {
    return this.#nodes
  }

  isRunning(index: number): boolean {
    return this.#processes[index]?.isRunning ?? false
  }

  async block(index: number, others: readonly number[]): Promise<void> {
    const peers = others.map((other) => this.#nodeAt(other).peerId)
    await tell(this.#nodeAt(index), '/blocked', { peers })
  }

  async crash(index: number): Promise<void> {
    const process = this.#processAt(index)
    this.#crashed.add(index)
    process.kill()
    await process.ended
  }

  async restart(index: number): Promise<void> {
    if (this.#stopping.signal.aborted) return
    const process = this.#options.spawn(this.#nodeAt(index))
    this.#processes[index] = process
    const node = await untilRunning(process, index)
    this.#nodes[index] = node
    this.#crashed.delete(index)
    this.#watch(node)
    // Who lost it tries ever more seldom: it dials everybody.
    await dial(
      node,
      this.#nodes.filter((other) => other.index !== index),
    )
  }

  async addNewcomer(): Promise<RunningProcess> {
    const newcomer = this.#options.spawnNewcomer()
    this.#processes.push(newcomer)
    return newcomer.ready(START_MS_MAX)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.all(this.#processes.map((process) => process.stop(STOP_GRACE_MS)))
  }

  kill(): void {
    this.#stopping.abort()
    for (const process of this.#processes) process.kill()
  }

  #watch(node: LocalNode): void {
    void this.#processAt(node.index).ended.then((exit) => {
      if (this.#stopping.signal.aborted || this.#crashed.has(node.index)) return
      const pauseMs = exit.signal === 'SIGKILL' ? this.#options.revivesAfterMs(node) : null
      if (pauseMs === null || this.#revived.has(node.index)) this.#options.onEnd?.(node, exit)
      else void this.#revive(node.index, pauseMs)
    })
  }

  /** Once, after a pause. */
  async #revive(index: number, pauseMs: number): Promise<void> {
    this.#revived.add(index)
    try {
      await sleep(pauseMs, undefined, { signal: this.#stopping.signal })
      await this.restart(index)
    } catch {
      // The network stops, or the node does not start: others go on without it.
    }
  }

  #processAt(index: number): LocalProcess {
    return present(this.#processes[index], 'every node has a process')
  }

  #nodeAt(index: number): LocalNode {
    return present(this.#nodes[index], 'a network has a node of that number')
  }
}

/** Of two nodes the one with the lower peer id dials, so that no two dials cross. */
export async function connectTo(node: LocalNode, others: readonly LocalNode[]): Promise<void> {
  await dial(
    node,
    others.filter(({ peerId }) => peerId > node.peerId),
  )
}

async function dial(node: LocalNode, others: readonly LocalNode[]): Promise<void> {
  const addresses = others.flatMap((other) => other.addresses.slice(0, 1))
  await tell(node, '/peers', { addresses })
}

/** Asks for something that only the operator of a node may ask for. Errors  LaunchError */
async function tell(node: LocalNode, path: string, body: object): Promise<void> {
  const token = readFileSync(join(node.dataFolder, TOKEN_FILE), 'utf8').trim()
  try {
    await fetch(new URL(path, node.api), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    })
  } catch (cause) {
    const sentence = `${node.name} did not answer ${path} within ${ANSWER_MS_MAX} ms`
    throw new LaunchError('start-failed', sentence, { cause })
  }
}
