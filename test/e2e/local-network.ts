import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import {
  type ConfigFile,
  createLocalGenesis,
  formatGenesis,
  type LocalGenesisOptions,
  openSqliteStore,
  type StorePort,
  TOKEN_FILE,
} from '@commonweal/node'
import {
  type AgentId,
  createNobleSigner,
  type Genesis,
  networkIdOf,
  secretKeyOf,
} from '@commonweal/protocol'
import { z } from 'zod'
import { until } from './until.ts'

const EXECUTABLE = fileURLToPath(new URL('../../packages/node/src/process.ts', import.meta.url))

/** What a process says once it runs. */
interface ReadyLine {
  readonly peerId: string
  readonly addresses: readonly string[]
  readonly api: string
}

const readySchema: z.ZodType<ReadyLine, unknown> = z.object({
  ready: z.literal(true),
  peerId: z.string(),
  addresses: z.array(z.string()).min(1),
  api: z.string(),
})

/** What the tests look at in `GET /status`. */
export interface StatusLine {
  readonly epoch: number
  readonly finalHeight: number
  readonly stateDigest: string
  readonly peers: readonly { readonly peerId: string }[]
  readonly refusals: Readonly<Record<string, number>>
}

const statusSchema: z.ZodType<StatusLine, unknown> = z.object({
  epoch: z.int(),
  finalHeight: z.int(),
  stateDigest: z.string(),
  peers: z.array(z.object({ peerId: z.string() })),
  refusals: z.record(z.string(), z.int()),
})

/** A genesis, and the config of each node's agent. */
export interface FoundedNetwork {
  readonly genesis: Genesis
  readonly agent: (index: number) => ConfigFile['agent']
}

/** A network of real processes on this machine, each in its own folder, stopped and removed together. */
export class LocalNetwork implements AsyncDisposable {
  readonly genesis: Genesis
  readonly folder: string = mkdtempSync(join(tmpdir(), 'commonweal-e2e-'))
  readonly nodes: readonly LocalNode[]

  /** @param founded another genesis than that of a commons, and what its agents do. */
  constructor(options: LocalGenesisOptions, founded?: FoundedNetwork) {
    this.genesis = founded?.genesis ?? createLocalGenesis(options)
    const genesisPath = join(this.folder, 'genesis.json')
    writeFileSync(genesisPath, formatGenesis(this.genesis))
    this.nodes = Array.from(
      { length: options.nodes },
      (_, index) =>
        new LocalNode(this.genesis, {
          name: `node-${index}`,
          dataFolder: join(this.folder, `node-${index}`),
          genesis: genesisPath,
          key: { seed: options.seed, index },
          seed: options.seed,
          agent: founded?.agent(index) ?? { prosociality: ['0', '0', '0.6', '1', '3'][index % 5] },
        }),
    )
  }

  /** Starts all at once, then tells each where the others are; after a restart it dials them by itself. */
  async start(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.start()))
    for (const node of this.nodes) {
      const rest = this.nodes.filter((other) => other !== node)
      const addresses = rest.flatMap((other) => other.addresses())
      node.change({ bootNodes: addresses })
      await node.post('/peers', { addresses })
    }
    await until('every node sees every other', async () => {
      const all = await Promise.all(this.nodes.map((node) => node.status()))
      return all.every(({ peers }) => peers.length === this.nodes.length - 1)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A configuration with a public test key. */
interface TestConfig extends ConfigFile {
  readonly key: { readonly seed: string; readonly index: number }
}

/** One process. */
export class LocalNode {
  readonly #genesis: Genesis
  #config: TestConfig
  #child: ChildProcess | undefined
  #ready: ReadyLine | undefined
  #errors = ''

  constructor(genesis: Genesis, config: TestConfig) {
    this.#genesis = genesis
    this.#config = config
  }

  get name(): string {
    return this.#config.name ?? ''
  }

  get peerId(): string {
    return this.#running.peerId
  }

  addresses(): string[] {
    return [...this.#running.addresses]
  }

  change(change: Partial<TestConfig>): void {
    this.#config = { ...this.#config, ...change }
  }

  /** Resolves when the process says that it is ready. From then on it keeps its port. */
  async start(change: Partial<TestConfig> = {}): Promise<void> {
    this.change(change)
    const path = `${this.#config.dataFolder}.json`
    writeFileSync(path, JSON.stringify(this.#config))
    const child = spawn(process.execPath, ['--conditions=source', EXECUTABLE, '--config', path], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#errors = ''
    child.stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString()
    })
    const { promise, resolve, reject } = Promise.withResolvers<ReadyLine>()
    createInterface(child.stdout).once('line', (line) => {
      resolve(readySchema.parse(JSON.parse(line)))
    })
    child.once('exit', (code, signal) => {
      reject(new Error(`${this.name} ended (${code ?? signal}): ${this.#errors}`))
    })
    this.#ready = await promise
    const [address = ''] = this.#ready.addresses
    this.change({ listen: [address.replace(/\/p2p\/.*$/, '')] })
  }

  /** `kill -9`: the process has no time for anything. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  isAlive(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && !this.#child.killed
  }

  /** What it wrote to its standard error. */
  errors(): string {
    return this.#errors
  }

  async status(): Promise<StatusLine> {
    const response = await fetch(`${this.#running.api}/status`, {
      signal: AbortSignal.timeout(10_000),
    })
    return statusSchema.parse(await response.json())
  }

  async get(path: string): Promise<unknown> {
    const response = await fetch(`${this.#running.api}${path}`, {
      signal: AbortSignal.timeout(10_000),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }

  async post(path: string, body: unknown): Promise<unknown> {
    const token = readFileSync(join(this.#config.dataFolder, TOKEN_FILE), 'utf8').trim()
    const response = await fetch(`${this.#running.api}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(40_000),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }

  /** What it left on disk; the process must have ended. */
  openStore(): StorePort {
    const { dataFolder } = this.#config
    const networkId = networkIdOf(this.#genesis)
    return openSqliteStore({ folder: dataFolder, networkId, agent: this.agent })
  }

  get agent(): AgentId {
    return createNobleSigner(this.secretKey).agent
  }

  get secretKey(): Uint8Array {
    return secretKeyOf(this.#config.key.seed, this.#config.key.index)
  }

  get #running(): ReadyLine {
    assert.ok(this.#ready !== undefined, `${this.name} has been started`)
    return this.#ready
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }
}
