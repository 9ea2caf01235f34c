import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  describeExit,
  type LocalAgent,
  type LocalNetwork,
  type LocalNode,
  launchLocalNetwork,
  OUTPUT_FILE,
  type ProcessExit,
} from '@commonweal/node/local'
import { type Genesis, present } from '@commonweal/protocol'
import { saveBundle } from './bundle-folder.ts'
import { onInterrupt } from './interrupt.ts'
import { COMMAND, formatPath } from './invocation.ts'
import { formatLogRecord } from './log-record.ts'
import { readTail } from './log-tail.ts'
import type { Output } from './output.ts'
import { recordOf, saveRecord } from './run-folder.ts'
import { CommandError, InterruptedError } from './usage-error.ts'

/** What is launched, and what is shown of it. */
export interface UpScenario {
  readonly genesis: Genesis
  readonly seed: string
  /** The one law that agents bargain over; null leaves them theirs. */
  readonly law: string | null
  /** One for each account of the genesis. */
  readonly agents: readonly LocalAgent[]
  showStart(network: LocalNetwork, folder: string): void
  /** Follows the network until there is nothing more to wait for, or the signal aborts. */
  follow(options: FollowScenario): Promise<void>
}

export interface FollowScenario {
  readonly network: LocalNetwork
  /** Whether to go on when what was launched has come to its end. */
  readonly isKept: boolean
  /** Of `performance.now()`. */
  readonly startedAtMs: number
  readonly signal: AbortSignal
  /** Before a run is reported. */
  readonly onRunEnd: () => Promise<void>
}

export interface LaunchParts {
  readonly isKept: boolean
  readonly scenario: UpScenario
  readonly output: Output
  readonly folder: string
}

/** Lines of a dead node's log that are shown. */
const DEATH_LINES = 12

/** One network from its launch to its end. */
export class Launch {
  readonly #parts: LaunchParts
  readonly #over = new AbortController()
  readonly #stopListening: () => void
  #network: LocalNetwork | undefined
  #deaths = 0
  #interrupts = 0

  constructor(parts: LaunchParts) {
    this.#parts = parts
    this.#stopListening = onInterrupt((times) => this.#onInterrupt(times))
    process.on('exit', this.#kill)
  }

  get hasDeaths(): boolean {
    return this.#deaths > 0
  }

  async run(): Promise<void> {
    const { isKept, scenario, output, folder } = this.#parts
    const nodeCount = scenario.agents.length
    output.status(`starting ${nodeCount} nodes …`)
    const startedAtMs = performance.now()
    const network = await this.#launch()
    this.#network = network
    await this.#record(network)
    output.clearStatus()
    scenario.showStart(network, folder)
    if (isKept) await this.#handOutBundle()
    await scenario.follow({
      network,
      isKept,
      startedAtMs,
      signal: this.#over.signal,
      onRunEnd: async () => {
        if (isKept) await saveBundle(folder, scenario.genesis, network)
      },
    })
    if (this.#interrupts > 0 && !isKept) throw new InterruptedError()
    if (this.#interrupts === 0 && this.#deaths > 0) {
      throw new CommandError(`${this.#deaths} of ${nodeCount} nodes died`)
    }
  }

  /** Ends every process; resolves when none is left. */
  async end(): Promise<void> {
    this.#over.abort()
    if (this.#network !== undefined) {
      this.#parts.output.status('stopping …')
      await this.#network.stop()
      await rm(join(this.#parts.folder, 'network.json'), { force: true })
    }
    this.#stopListening()
    process.off('exit', this.#kill)
  }

  async #launch(): Promise<LocalNetwork> {
    const { scenario, folder } = this.#parts
    const { genesis, seed, law, agents } = scenario
    try {
      return await launchLocalNetwork({
        genesis,
        folder,
        seed,
        law,
        agents,
        signal: this.#over.signal,
        onEnd: (node, exit) => void this.#onEnd(node, exit),
      })
    } catch (error) {
      if (this.#interrupts > 0) throw new InterruptedError()
      throw error
    }
  }

  async #record(network: LocalNetwork): Promise<void> {
    const { scenario, folder } = this.#parts
    const { genesis } = scenario
    await saveRecord(folder, {
      version: 1,
      name: genesis.name,
      networkId: network.networkId,
      pid: process.pid,
      startedAtMs: Date.now(),
      nodes: network.nodes.map((node) => ({
        index: node.index,
        ...recordOf(node, node.dataFolder),
      })),
    })
  }

  async #handOutBundle(): Promise<void> {
    const { scenario, folder, output } = this.#parts
    const bundle = await saveBundle(
      folder,
      scenario.genesis,
      present(this.#network, 'a network runs'),
    )
    const data = formatPath(join(folder, 'joined'))
    output.json({ kind: 'bundle', folder: bundle })
    output.line()
    output.line('To join from a second terminal:')
    output.line(`  ${output.style.bold(`${COMMAND} join ${formatPath(bundle)} --data ${data}`)}`)
  }

  /** A first time: finish what is being written. A second time: at once. */
  #onInterrupt(times: number): void {
    this.#interrupts = times
    this.#over.abort()
    if (times > 1) this.#kill()
  }

  readonly #kill = (): void => {
    this.#network?.kill()
  }

  async #onEnd(node: LocalNode, exit: ProcessExit): Promise<void> {
    const { output, scenario } = this.#parts
    const nodeCount = scenario.agents.length
    const network = this.#network
    if (network === undefined || this.#over.signal.aborted) return
    const left = network.nodes.filter(({ index }) => network.isRunning(index)).length
    const canAgree = left * 3 > nodeCount * 2
    if (exit.code === 0) {
      output.line(`${node.name} was asked to stop.`)
    } else {
      this.#deaths += 1
      await this.#showDeath(node, exit)
      if (canAgree)
        output.warn(`The other ${left} hold more than two thirds of the stake and go on.`)
    }
    if (canAgree) return
    if (this.#deaths > 0) output.warn(`Only ${left} of ${nodeCount} nodes are left.`)
    this.#over.abort()
  }

  async #showDeath(node: LocalNode, exit: ProcessExit): Promise<void> {
    const { output } = this.#parts
    const { style } = output
    const [log, said] = await Promise.all([
      readTail(node.logFile, DEATH_LINES),
      readTail(join(node.dataFolder, OUTPUT_FILE), DEATH_LINES),
    ])
    const crash = said.lines.filter((line) => !line.startsWith('{"ready":true'))
    output.warn(
      style.red(`${node.name} (process ${node.pid}) ${describeExit(exit)}. The end of its log:`),
    )
    for (const line of [...log.lines.map((text) => formatLogRecord(text, style)), ...crash]) {
      output.warn(`  ${line}`)
    }
  }
}
