import { setTimeout as sleep } from 'node:timers/promises'
import { type LocalNetwork, type LocalNode, localName, NewcomerTrial } from '@commonweal/node/local'
import {
  type CommonsParams,
  commonsParamsSchema,
  computeMetrics,
  type Genesis,
  type InstanceGenesis,
  present,
} from '@commonweal/protocol'
import type { Experiment } from './experiment-options.ts'
import { type NameOf, nameAgents } from './forecast/agent-names.ts'
import { isAnyoneAsked, type Models } from './model-options.ts'
import { readModelUsage } from './model-usage.ts'
import { watchNetwork } from './network-watch.ts'
import { createNodeApi, type NodeApi } from './node-api.ts'
import { getConversations, getLedger, getStatus, type LedgerView } from './node-view.ts'
import type { Output } from './output.ts'
import { describeProgress } from './progress-line.ts'
import { type AgentFacts, buildReport } from './result/build-report.ts'
import { type HeardTurn, parseTurn, type ShownEvent } from './result/chain-record.ts'
import { computeCounterfactuals } from './result/counterfactual.ts'
import type { Opinion } from './result/name-offenders.ts'
import { renderReport } from './result/render-report.ts'
import { describeFault, describePolicy } from './start-table.ts'
import { factsOf, formatStatus } from './status-line.ts'

/** How often the status line looks at the network. */
const LOOK_MS = 250

export interface FollowOptions {
  readonly genesis: Genesis
  readonly experiment: Experiment
  readonly models: Models
  readonly network: LocalNetwork
  readonly output: Output
  /** Whether to go on when the first run has ended. */
  readonly isKept: boolean
  /** Of `performance.now()`. */
  readonly startedAtMs: number
  readonly signal: AbortSignal
  /** Before a run is reported. */
  readonly onRunEnd: () => Promise<void>
}

/**
 * Follows a network to the end of its first run and reports it; where it is kept, follows the runs after it too, each in a
 * line. Resolves then, or when the signal aborts.
 */
export async function followRuns(options: FollowOptions): Promise<void> {
  const { output, signal, isKept } = options
  const follower = new Follower(options)
  const over = new AbortController()
  const ending = AbortSignal.any([signal, over.signal])
  const { promise: runEnded, resolve } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => resolve(), { once: true })
  let reports: Promise<void> = Promise.resolve()
  const watching = watchNetwork({
    nodes: () => follower.running(),
    signal: ending,
    onEvent: ({ event }) => {
      follower.take(event)
      if (event.kind !== 'run-ended') return
      reports = reports.then(() => follower.report(event.run))
      void reports.finally(() => {
        if (!isKept) resolve()
      })
    },
  })
  const looking = output.isTerminal ? follower.look(ending) : Promise.resolve()
  await runEnded
  over.abort()
  await Promise.all([watching, looking, reports])
}

class Follower {
  readonly #options: FollowOptions
  readonly #instance: InstanceGenesis
  readonly #params: CommonsParams
  readonly #nameOf: NameOf
  readonly #events: ShownEvent[] = []
  readonly #newcomer: NewcomerTrial

  constructor(options: FollowOptions) {
    this.#options = options
    this.#instance = present(options.genesis.instances[0], 'a local genesis has one instance')
    this.#params = commonsParamsSchema.parse(this.#instance.params)
    this.#nameOf = nameAgents(options.genesis.accounts)
    this.#newcomer = new NewcomerTrial({ ...options, faults: options.experiment.faults })
  }

  /** Those that keep the rules, where there are any: others may be cut off, or lie. */
  running(): readonly NodeApi[] {
    return this.#runningNodes().map(({ api, dataFolder }) => createNodeApi(api, dataFolder))
  }

  #runningNodes(): readonly LocalNode[] {
    const { network, experiment } = this.#options
    const running = network.nodes.filter(({ index }) => network.isRunning(index))
    const honest = running.filter(({ index }) => describeFault(experiment, index) === null)
    return honest.length > 0 ? honest : running
  }

  take(event: ShownEvent): void {
    this.#events.push(event)
    if (event.kind === 'phase') this.#newcomer.atEpoch(event.epoch)
    const { output } = this.#options
    if (output.isTerminal) return
    const line = describeProgress(event, this.#params, this.#nameOf)
    if (line !== undefined) output.line(line)
  }

  /** Refreshes the status line until the signal aborts. */
  async look(signal: AbortSignal): Promise<void> {
    const { output } = this.#options
    while (!signal.aborted) {
      const status = await this.#ask(getStatus).catch(() => undefined)
      const facts = status && factsOf(status, this.#params)
      if (facts !== undefined) output.status(formatStatus(facts, output.style))
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  async report(run: number): Promise<void> {
    await this.#options.onRunEnd()
    if (run === 1) await this.#reportInFull()
    else this.#reportInLine(run)
  }

  async #reportInFull(): Promise<void> {
    const { genesis, experiment, network, output, startedAtMs } = this.#options
    const newcomer = await this.#newcomer.report()
    const ledger = await this.#ask(getLedger)
    const hasModels = isAnyoneAsked(this.#options.models)
    const usage = await readModelUsage(hasModels ? this.running() : [])
    const conversations = await this.#ask((api) => getConversations(api, 0))
    const turns = conversations.flatMap((conversation) =>
      conversation.turns
        .map((turn) => parseTurn({ ...conversation, turn }))
        .filter((turn): turn is HeardTurn => turn !== undefined),
    )
    const report = buildReport({
      network: genesis.name,
      networkId: network.networkId,
      seed: experiment.seed,
      run: 1,
      params: this.#params,
      contractMode: this.#instance.contract,
      contractDelay: this.#instance.contractDelay,
      seats: this.#instance.seats.map((agent, index) => ({
        ...this.#factsOf(agent, index, ledger),
        model: usage.get(agent) ?? null,
      })),
      events: this.#events,
      opinions: [
        ...(await this.#opinions()),
        ...(newcomer === null ? [] : [{ by: 'the newcomer', blamed: newcomer.offenders }]),
      ],
      newcomer,
      turns,
      counterfactuals: await computeCounterfactuals(genesis, this.#instance, experiment, hasModels),
    })
    const elapsedMs = Math.round(performance.now() - startedAtMs)
    output.json({ kind: 'result', elapsedMs, height: ledger.height, ...report })
    output.line()
    output.lines(renderReport(report, output.style, output.width))
    output.line()
    const seconds = (elapsedMs / 1_000).toFixed(1)
    output.line(
      output.style.dim(`${ledger.height} blocks in ${seconds} s, from launching to the last round`),
    )
  }

  #reportInLine(run: number): void {
    const { output } = this.#options
    const rows = this.#events.flatMap((event) =>
      event.kind === 'round-settled' && event.run === run ? [event.row] : [],
    )
    const seats = this.#seats().length
    const metrics = computeMetrics(this.#params, seats, rows)
    output.json({ kind: 'run', run, seats, metrics })
    const { m, R, e } = metrics
    output.line(`run ${run}: ${seats} seats, m ${m}, R ${R}, e ${e.toFixed(3)}`)
  }

  /** The seats of the latest run. */
  #seats(): readonly string[] {
    const started = this.#events.findLast((event) => event.kind === 'run-started')
    return started?.seats ?? this.#instance.seats
  }

  #factsOf(agent: string, index: number, ledger: LedgerView): Omit<AgentFacts, 'model'> {
    const { experiment, models, genesis } = this.#options
    const account = ledger.accounts.find((one) => one.agent === agent)
    const heldMicro = ledger.holds
      .filter(({ owner }) => owner === agent)
      .reduce((sum, { amountMicro }) => sum + amountMicro, 0n)
    return {
      agent,
      name: localName(index),
      policy: describePolicy(experiment, models, index),
      fault: describeFault(experiment, index),
      lambda: experiment.prosociality[index]?.lambda ?? 0,
      balanceMicro: (account?.balanceMicro ?? 0n) + heldMicro,
      startBalanceMicro: genesis.accounts[index]?.balanceMicro ?? 0n,
    }
  }

  /** Whom each node that keeps the rules blames. */
  async #opinions(): Promise<readonly Opinion[]> {
    const { experiment } = this.#options
    const honest = this.#runningNodes().filter(
      ({ index }) => describeFault(experiment, index) === null,
    )
    const answers = await Promise.allSettled(
      honest.map(async ({ name, api, dataFolder }) => {
        const { offenders } = await getStatus(createNodeApi(api, dataFolder))
        return { by: name, blamed: offenders }
      }),
    )
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  }

  /** Asks the first node that answers. */
  async #ask<T>(question: (api: NodeApi) => Promise<T>): Promise<T> {
    let failure: unknown = new Error('no node runs')
    for (const api of this.running()) {
      try {
        return await question(api)
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }
}
