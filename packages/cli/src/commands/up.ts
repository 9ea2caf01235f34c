import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { capLaw, type Prosociality } from '@commonweal/node/agent'
import {
  createLocalGenesis,
  describeExit,
  type LocalNetwork,
  type LocalNode,
  launchLocalNetwork,
  OUTPUT_FILE,
  type ProcessExit,
} from '@commonweal/node/local'
import {
  checkLaw,
  commons,
  commonsParamsSchema,
  type Genesis,
  type InstanceGenesis,
  present,
} from '@commonweal/protocol'
import { saveBundle } from '../bundle-folder.ts'
import { createExperiment, type Experiment, type ExperimentFlags } from '../experiment-options.ts'
import { onInterrupt } from '../interrupt.ts'
import { COMMAND, formatPath } from '../invocation.ts'
import { formatLogRecord } from '../log-record.ts'
import { readTail } from '../log-tail.ts'
import { createOutput, type Output } from '../output.ts'
import {
  createRunFolder,
  DATA_FOLDER_DEFAULT,
  recordOf,
  removeRunFolder,
  saveRecord,
} from '../run-folder.ts'
import { followRuns } from '../run-follower.ts'
import { renderStart, startFacts } from '../start-table.ts'
import { CommandError, InterruptedError, UsageError } from '../usage-error.ts'

export interface UpFlags extends ExperimentFlags {
  readonly json: boolean
  readonly keep: boolean
  readonly data?: string
}

/** Launches a network, shows what becomes of it, and ends it. */
export async function runUp(flags: UpFlags): Promise<void> {
  const experiment = createExperiment(flags)
  const genesis = createGenesis(experiment, flags.keep)
  checkLawOption(experiment, onlyInstance(genesis))
  const output = createOutput(flags)
  const base = flags.data ?? DATA_FOLDER_DEFAULT
  const folder = await createRunFolder(base, Date.now())
  const launch = new Launch({ flags, experiment, genesis, output, folder })
  try {
    await launch.run()
  } finally {
    await launch.end()
    output.clearStatus()
    const isKept = flags.keep || flags.data !== undefined || launch.hasDeaths
    if (isKept) output.line(`Data: ${formatPath(folder)}`)
    else await removeRunFolder(resolve(base), folder)
  }
}

interface LaunchParts {
  readonly flags: UpFlags
  readonly experiment: Experiment
  readonly genesis: Genesis
  readonly output: Output
  readonly folder: string
}

/** Lines of a dead node's log that are shown. */
const DEATH_LINES = 12

/** One network from its launch to its end. */
class Launch {
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
    const { flags, experiment, genesis, output, folder } = this.#parts
    output.status(`starting ${experiment.nodes} nodes …`)
    const startedAtMs = performance.now()
    const network = await this.#launch()
    this.#network = network
    await this.#record(network)
    output.clearStatus()
    const facts = startFacts(genesis, experiment, network)
    output.json({ kind: 'started', folder, ...facts })
    output.lines(renderStart(facts, output.style))
    if (flags.keep) await this.#handOutBundle()
    await followRuns({
      genesis,
      experiment,
      network,
      output,
      isKept: flags.keep,
      startedAtMs,
      signal: this.#over.signal,
      onRunEnd: async () => {
        if (flags.keep) await saveBundle(folder, genesis, network)
      },
    })
    if (this.#interrupts > 0 && !flags.keep) throw new InterruptedError()
    if (this.#interrupts === 0 && this.#deaths > 0) {
      throw new CommandError(`${this.#deaths} of ${experiment.nodes} nodes died`)
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
    const { experiment, genesis, folder } = this.#parts
    try {
      return await launchLocalNetwork({
        genesis,
        folder,
        seed: experiment.seed,
        law: experiment.law,
        agents: agentsOf(experiment),
        signal: this.#over.signal,
        onEnd: (node, exit) => void this.#onEnd(node, exit),
      })
    } catch (error) {
      if (this.#interrupts > 0) throw new InterruptedError()
      throw error
    }
  }

  async #record(network: LocalNetwork): Promise<void> {
    const { genesis, folder } = this.#parts
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
    const { genesis, folder, output } = this.#parts
    const bundle = await saveBundle(folder, genesis, present(this.#network, 'a network runs'))
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
    const { output, experiment } = this.#parts
    const network = this.#network
    if (network === undefined || this.#over.signal.aborted) return
    const left = network.nodes.filter(({ index }) => network.isRunning(index)).length
    const canAgree = left * 3 > experiment.nodes * 2
    if (exit.code === 0) {
      output.line(`${node.name} was asked to stop.`)
    } else {
      this.#deaths += 1
      await this.#showDeath(node, exit)
      if (canAgree)
        output.warn(`The other ${left} hold more than two thirds of the stake and go on.`)
    }
    if (canAgree) return
    if (this.#deaths > 0) output.warn(`Only ${left} of ${experiment.nodes} nodes are left.`)
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

function createGenesis(experiment: Experiment, repeat: boolean): Genesis {
  const { nodes, seed, rounds, values, contract, contractDelay, regeneration } = experiment
  const rules = { contract, contractDelay, regeneration, repeat }
  return createLocalGenesis({ nodes, seed, rounds, values, ...rules })
}

function onlyInstance(genesis: Genesis): InstanceGenesis {
  return present(genesis.instances[0], 'a local genesis has one instance')
}

function agentsOf({
  policies,
  prosociality,
}: Experiment): { policy: Experiment['policies'][number]; prosociality: Prosociality }[] {
  return policies.flatMap((policy, index) => {
    const weight = prosociality[index]
    return weight === undefined ? [] : [{ policy, prosociality: weight }]
  })
}

/** A law that no ledger would take is refused before anything starts. */
function checkLawOption({ law, nodes }: Experiment, instance: InstanceGenesis): void {
  if (law === null) return
  const language = commons.language(commonsParamsSchema.parse(instance.params), nodes)
  const checked = checkLaw(capLaw(law), language)
  if (checked.ok) return
  const { clause: _, argument: __, ...facts } = checked.error.facts
  const said = Object.entries(facts).map(([name, fact]) => `${name} ${fact}`)
  const names = Object.keys(language.submission).join(', ')
  throw new UsageError(
    `--law "${law}": ${[checked.error.code, ...said].join(', ')}; accepted: an expression such as "stock / 10" over ${names}, self and n`,
  )
}
