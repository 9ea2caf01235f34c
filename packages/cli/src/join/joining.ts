import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Bundle,
  type Fault,
  LaunchError,
  LocalProcess,
  type RunningProcess,
  type StartingEvent,
} from '@commonweal/node/local'
import { present, TOKEN_MICRO } from '@commonweal/protocol'
import { createKeyFile } from '../key-file.ts'
import { readTail } from '../log-tail.ts'
import { watchNetwork } from '../network-watch.ts'
import { createNodeApi, type NodeApi } from '../node-api.ts'
import { getStatus, type StatusView } from '../node-view.ts'
import type { Output } from '../output.ts'
import type { ShownEvent } from '../result/chain-record.ts'
import { recordOf, saveRecord } from '../run-folder.ts'
import { formatTokens } from '../tokens.ts'
import { CommandError } from '../usage-error.ts'
import { createJoinConfig, type KeepEpochs } from './join-config.ts'
import type { JoinHand, JoinPart } from './join-part.ts'
import { NewcomerAccount } from './newcomer-account.ts'

export interface JoiningOptions {
  readonly bundle: Bundle
  readonly bundleFolder: string
  /** The node's own. */
  readonly folder: string
  readonly part: JoinPart
  /** What the node does against the protocol; null where it keeps the rules. */
  readonly fault: Fault | null
  readonly keepEpochs: KeepEpochs
  readonly output: Output
  readonly signal: AbortSignal
}

/** The steps of joining, in their order. A failure names the one that it happened in. */
export type Step =
  | 'bundle'
  | 'key'
  | 'handshake'
  | 'snapshot'
  | 'catching-up'
  | 'funded'
  | 'bonded'
  | 'seated'
  | 'run'
  | 'locked'
  | 'heard'

const START_MS_MAX = 120_000
const STOP_GRACE_MS = 5_000
/** How long giving up seat and bond may take. */
const LEAVE_MS_MAX = 10_000
const LOOK_MS = 250
/** What a newcomer keeps above its bonds, for seals and fees. */
const SPENDING_MICRO: bigint = 50n * TOKEN_MICRO

/** One node on its way into a network. */
export class Joining {
  readonly #options: JoiningOptions
  readonly #events: ShownEvent[] = []
  readonly #refusals = new Set<string>()
  readonly #over = new AbortController()
  #step: Step = 'bundle'
  #process: LocalProcess | undefined
  #node: RunningProcess | undefined
  #watching: Promise<void> = Promise.resolve()

  constructor(options: JoiningOptions) {
    this.#options = options
  }

  /** From the bundle to having taken part once. Errors  CommandError, which names the step. */
  async run(): Promise<void> {
    const { bundle } = this.#options
    this.#done('bundle', `${bundle.name}: digests, genesis and version agree`)
    await this.#takeKey()
    await this.#start()
    await this.#catchUp()
    await this.#fund()
    await this.#bond()
    await this.#options.part.takePart(this.#hand())
  }

  /** Stays in the network until the signal aborts. Errors  CommandError where the node ends by itself. */
  async stay(): Promise<void> {
    const { output, signal, part } = this.#options
    output.line('The node plays on. Ctrl-C leaves the network.')
    while (!signal.aborted) {
      this.#checkRunning()
      const status = await getStatus(this.#api()).catch(() => undefined)
      const line = status && part.statusLine(status)
      if (line !== undefined) output.status(line)
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Gives the seat and the bond back as far as there is time, and ends the process. */
  async leave(): Promise<void> {
    const { output } = this.#options
    if (this.#process === undefined) return
    if (this.#node !== undefined && this.#process.isRunning) {
      output.status('leaving …')
      const patience = sleep(LEAVE_MS_MAX, undefined, { signal: this.#over.signal })
      const withdrawn = this.#withdraw()
      await Promise.race([withdrawn, patience]).catch(() => undefined)
    }
    this.#over.abort()
    await this.#process.stop(STOP_GRACE_MS)
    await this.#watching
  }

  kill(): void {
    this.#process?.kill()
  }

  async #takeKey(): Promise<void> {
    this.#step = 'key'
    const isNew = await createKeyFile(this.#options.folder)
    this.#done('key', isNew ? 'made a new one' : 'the one of this data folder')
  }

  async #start(): Promise<void> {
    const { bundle, folder, output, signal } = this.#options
    this.#step = 'handshake'
    output.status(`reaching ${bundle.bootNodes.length} boot nodes …`)
    const name = `joined-${bundle.name}`.slice(0, 64)
    const node = new LocalProcess(name, folder, createJoinConfig(this.#options), (event) =>
      this.#onStarting(event),
    )
    this.#process = node
    const callOff = (): void => node.kill()
    signal.addEventListener('abort', callOff, { once: true })
    try {
      this.#node = await node.ready(START_MS_MAX)
    } catch (error) {
      throw error instanceof LaunchError ? await this.#explain(error) : error
    } finally {
      signal.removeEventListener('abort', callOff)
    }
    await this.#record(this.#node)
    this.#watch()
    if (this.#step === 'handshake') this.#doneStarting()
  }

  /** A node that has been here before goes on from its own data: no snapshot is fetched. */
  #doneStarting(): void {
    this.#done('handshake', 'a boot node is of this network')
    this.#done('snapshot', 'none needed: this node goes on from its own data')
  }

  #onStarting(event: StartingEvent): void {
    const { output, bundle } = this.#options
    if (event.kind === 'peer') {
      if (event.status === 'refused') this.#refusals.add(event.code)
      if (event.status === 'up') output.status(`connected to ${event.peerId} …`)
      return
    }
    const { epoch, height, heads, ageEpochs } = event
    const trusted = bundle.checkpoint === null ? 'genesis' : 'checkpoint'
    this.#done('handshake', `${heads} peers of this network told their heads`)
    this.#done(
      'snapshot',
      height === 0
        ? 'the network is in its first epoch: nothing to verify but the genesis'
        : `verified: epoch ${epoch}, height ${height}, ${ageEpochs} epochs after the ${trusted}`,
    )
  }

  /** Why the process did not start, in the words of the step that failed. */
  async #explain(error: LaunchError): Promise<CommandError> {
    const { output, folder } = this.#options
    const { lines } = await readTail(join(folder, 'output.log'), 1)
    const [sentence = error.message] = lines
    const refusals = [...this.#refusals].join(', ')
    output.clearStatus()
    const reason = this.#refusals.size > 0 ? `${refusals}: ` : ''
    return new CommandError(`${this.#step}: ${reason}${sentence}`, { cause: error })
  }

  async #catchUp(): Promise<void> {
    this.#step = 'catching-up'
    let target = 0
    const status = await this.#until((now) => {
      // What peers said when they were met; they go on, and so do we.
      target = Math.max(target, ...now.peers.map(({ hello }) => hello.height))
      this.#options.output.status(`catching up: height ${now.finalHeight} of ${target}`)
      return now.peers.length > 0 && now.finalHeight >= target
    })
    this.#done('catching-up', `at height ${status.finalHeight}, ${status.peers.length} peers`)
  }

  async #fund(): Promise<void> {
    this.#step = 'funded'
    const account = this.#account()
    const balanceMicro = await account.balanceMicro()
    if (balanceMicro >= this.#neededMicro() + SPENDING_MICRO) {
      this.#done('funded', `holds ${formatTokens(balanceMicro)} tokens already`)
      return
    }
    await this.#send({ kind: 'faucet' })
    this.#done('funded', `by the faucet: ${formatTokens(await account.balanceMicro())} tokens`)
  }

  async #bond(): Promise<void> {
    this.#step = 'bonded'
    const account = this.#account()
    const missingMicro = this.#options.bundle.genesis.talkBondMinMicro - (await account.bondMicro())
    if (missingMicro > 0n) await this.#send({ kind: 'bond', amountMicro: String(missingMicro) })
    this.#done('bonded', `${formatTokens(await account.bondMicro())} tokens, enough to be heard`)
  }

  /**
   * Gives back what the part took, and the bond: a seat that nobody plays makes every phase last its longest, and so does a
   * validator that does not vote.
   */
  async #withdraw(): Promise<void> {
    const account = this.#account()
    await this.#options.part.withdraw(account)
    const bondMicro = await account.bondMicro()
    if (bondMicro > 0n) await account.send({ kind: 'unbond', amountMicro: String(bondMicro) })
  }

  #hand(): JoinHand {
    return {
      agent: this.#agent(),
      api: this.#api(),
      account: this.#account(),
      events: () => this.#events,
      begin: (step) => {
        this.#step = step
      },
      done: (step, what) => this.#done(step, what),
      status: (text) => this.#options.output.status(text),
      send: (body) => this.#send(body),
      until: (isReached) => this.#until(isReached),
    }
  }

  /** Waits until the node's status is as wanted. Errors  CommandError where the node ends · abort */
  async #until(isReached: (status: StatusView) => boolean | Promise<boolean>): Promise<StatusView> {
    const { signal } = this.#options
    for (;;) {
      signal.throwIfAborted()
      this.#checkRunning()
      const status = await getStatus(this.#api())
      if (await isReached(status)) return status
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Errors  CommandError with the code of a refusal */
  async #send(body: object): Promise<void> {
    const code = await this.#account().send(body)
    if (code !== 'ok') throw new CommandError(`${this.#step}: ${code}`)
  }

  #neededMicro(): bigint {
    const { bundle, part } = this.#options
    return bundle.genesis.talkBondMinMicro + part.neededMicro
  }

  #watch(): void {
    const { output, part } = this.#options
    this.#watching = watchNetwork({
      nodes: () => (this.#process?.isRunning === true ? [this.#api()] : []),
      signal: this.#over.signal,
      onEvent: ({ event }) => {
        this.#events.push(event)
        if (output.isTerminal) return
        const line = part.progressLine(event)
        if (line !== undefined) output.line(line)
      },
    })
  }

  async #record(node: RunningProcess): Promise<void> {
    const { bundle, folder } = this.#options
    await saveRecord(folder, {
      version: 1,
      name: bundle.name,
      networkId: bundle.networkId,
      pid: process.pid,
      startedAtMs: Date.now(),
      nodes: [{ index: 0, ...recordOf(node, folder) }],
    })
  }

  #checkRunning(): void {
    if (this.#process?.isRunning === true) return
    throw new CommandError(
      `${this.#step}: the node has ended: ${this.#process?.said() ?? ''}; its log is in ${this.#options.folder}`,
    )
  }

  #done(step: Step, what: string): void {
    this.#step = step
    const { output } = this.#options
    output.json({ kind: 'step', step, status: 'done', what })
    output.line(`${output.style.green('✓')} ${step.replace('-', ' ').padEnd(12)} ${what}`)
  }

  #api(): NodeApi {
    return createNodeApi(present(this.#node, 'the node runs').api, this.#options.folder)
  }

  #account(): NewcomerAccount {
    return new NewcomerAccount(this.#api(), this.#agent())
  }

  #agent(): string {
    return present(this.#node, 'the node runs').agent
  }
}
