import {
  agentIdOfPeer,
  headOf,
  type Input,
  type Ledger,
  open,
  type ReplicaContext,
  type ReplicaView,
  type TransactionBody,
} from '@commonweal/protocol'
import type { Agent } from './agent/agent.ts'
import { AgentDesk } from './agent-desk.ts'
import { nameSuspects, type Suspicion } from './conduct/conduct.ts'
import { ConductBook } from './conduct/conduct-book.ts'
import { Effects, type Told } from './effects.ts'
import { ForecastDesk } from './forecast/forecast-desk.ts'
import { OpenerDesk } from './forecast/opener-desk.ts'
import { ResolutionDesk } from './forecast/resolution-desk.ts'
import { receiveSignals, sendSignal } from './forecast/signal-traffic.ts'
import { forecasterOf } from './forecast/silent-forecaster.ts'
import { MessageIntake } from './intake.ts'
import type { Claim } from './join-error.ts'
import { Loop } from './loop.ts'
import type { Host, PeerEvent } from './network/port.ts'
import type { NodeEvents } from './node-event.ts'
import type { PeerFaults } from './peer-faults.ts'
import { type RefusalCounts, receiveTraffic, tellPeer } from './peer-traffic.ts'
import type { ClockPort, LogPort, ReplicaPort, StorePort } from './ports.ts'
import type { OpenReplica } from './replica-port.ts'
import type { SnapshotPolicy } from './snapshot-policy.ts'
import { Submissions, type Submitted } from './submissions.ts'
import { BlockFetcher } from './sync/block-fetcher.ts'
import { CatchUp } from './sync/catch-up.ts'
import type { WantedState } from './sync/certified-state.ts'
import { HeadWatch } from './sync/head-watch.ts'
import type { PeerPool } from './sync/peer-pool.ts'
import { catchUpBySnapshot } from './sync/snapshot-catch-up.ts'
import type { SyncClient } from './sync/sync-client.ts'

export interface ParticipationOptions {
  readonly context: ReplicaContext
  readonly store: StorePort
  readonly openReplica: OpenReplica
  readonly clock: ClockPort
  readonly log: LogPort
  readonly host: Host
  readonly peers: PeerPool
  readonly client: SyncClient
  readonly agent: Agent
  readonly agentTimeoutMs: number
  /** Heights before a snapshot closes from which a forecaster waits for its suppliers no more. */
  readonly marginHeights: number
  readonly events: NodeEvents
  readonly refusals: RefusalCounts
  readonly faults: PeerFaults
  /** Heads that peers proved to a newcomer: the chain must run into every one. */
  readonly heads: readonly Claim[]
  readonly snapshots: SnapshotPolicy
  readonly onFatal: (error: Error, input: Input | undefined) => void
}

/** A node's part in its network: the replica in its loop, and whoever carries out what it wants. */
export class Participation {
  readonly #options: ParticipationOptions
  readonly #replica: ReplicaPort
  readonly #loop: Loop
  readonly #desk: AgentDesk
  readonly #forecasts: ForecastDesk | null
  readonly #opener: OpenerDesk | null
  readonly #resolutions: ResolutionDesk | null
  readonly #effects: Effects
  readonly #submissions: Submissions
  readonly #watch: HeadWatch
  readonly #conduct: ConductBook
  #agentFaults = 0

  /** Restores the replica and takes part. Errors  StoreError */
  constructor(options: ParticipationOptions) {
    const { context, store, clock, log, host, peers, client, agent, events, refusals } = options
    this.#options = options
    this.#watch = new HeadWatch(options.heads)
    const { replica, effects: first } = options.openReplica(context, store, clock.nowMs())
    const ledger = (): Ledger => replica.ledger()
    this.#replica = replica
    this.#conduct = new ConductBook(context.signer.agent, ledger(), (envelope) => {
      const opened = open(envelope, context)
      return opened.ok ? opened.value : null
    })
    this.#desk = new AgentDesk({
      agent,
      clock,
      log,
      ledger,
      timeoutMs: options.agentTimeoutMs,
      onCommand: (command) => void this.#loop.submit({ kind: 'command', command }),
      onFault: (fault) => {
        this.#agentFaults += 1
        events.tell({ kind: 'agent-fault', ...fault })
      },
    })
    this.#forecasts = this.#createForecasts()
    this.#opener = this.#createOpener()
    this.#resolutions = this.#createResolutions()
    const fetcher = new BlockFetcher({
      client,
      peers,
      log,
      onBlock: async (block, from) =>
        refusals.judged(await this.#loop.offer({ kind: 'block', block, from })),
    })
    const catchUp = new CatchUp({
      client,
      peers,
      log,
      place: () => headOf(ledger()),
      behindMax: {
        blocks: options.snapshots.behindBlocksMax,
        epochs: context.genesis.epochs.unbondingEpochs,
      },
      onChain: async (part, from) =>
        refusals.judged(await this.#loop.submit({ kind: 'chain', ...part, from })),
      onSnapshot: (wanted) => this.#takeSnapshot(wanted),
    })
    const desk = this.#desk
    const onTold = (told: Told): void => this.#onTold(told)
    const forecasts = this.#forecasts
    this.#effects = new Effects({ host, ledger, fetcher, catchUp, desk, forecasts, log, onTold })
    this.#loop = new Loop({
      replica: observe(replica, this.#conduct),
      store,
      clock,
      log,
      intake: new MessageIntake(context),
      carryOut: (effect) => this.#effects.carryOut(effect),
      onFatal: options.onFatal,
    })
    this.#submissions = new Submissions({
      store,
      clock,
      send: (body, tag) =>
        void this.#loop.submit({ kind: 'command', command: { kind: 'submit', body, tag } }),
    })
    this.#loop.start(first)
    receiveTraffic(host, this.#loop, options)
    if (this.#forecasts !== null) receiveSignals(host, this.#forecasts)
    for (const { peerId, hello } of host.peers()) this.onPeer({ kind: 'up', peerId, hello })
  }

  get agentFaults(): number {
    return this.#agentFaults
  }

  /** Validators whose conduct an honest node cannot come to, or hardly ever, as this one has seen it. */
  suspects(): readonly Suspicion[] {
    return nameSuspects(this.#conduct.conducts())
  }

  view(): ReplicaView {
    return this.#replica.view()
  }

  ledger(): Ledger {
    return this.#replica.ledger()
  }

  submit(body: TransactionBody, patienceMs: number): Promise<Submitted> {
    return this.#submissions.submit(body, patienceMs)
  }

  onPeer(event: PeerEvent): void {
    tellPeer(this.#loop, event)
    if (event.kind === 'refused') return
    const agent = agentIdOfPeer(event.peerId)
    if (event.kind === 'up') this.#effects.greet(event.peerId)
    if (agent === undefined) return
    if (event.kind === 'up') this.#forecasts?.onPeer(agent)
    else this.#forecasts?.onPeerGone(agent)
  }

  stop(): void {
    this.#desk.close()
    this.#forecasts?.close()
    this.#loop.stop()
  }

  #takeSnapshot(wanted: WantedState): Promise<void> {
    const { snapshots, store, events, log, onFatal } = this.#options
    return catchUpBySnapshot({
      ...this.#options,
      ...snapshots,
      ...wanted,
      install: ({ writes, height }) => this.#loop.install(writes, height),
      onInstalled: ({ epoch, height }, heads) => {
        this.#watch.watch(heads, height)
        const fromHeight = store.missing().at(-1)?.first ?? wanted.heightMin
        const passed = { fromHeight, epoch, height }
        log.warn(passed, 'blocks were passed over: their history is not on this node')
        events.tell({ kind: 'passed-over', ...passed })
      },
      onFatal: (error) => {
        snapshots.onEvidence(error)
        onFatal(error, undefined)
      },
    })
  }

  #createForecasts(): ForecastDesk | null {
    const { agent, context, clock, log, store, host, events, agentTimeoutMs } = this.#options
    const forecaster = forecasterOf(agent, context.genesis)
    if (forecaster === null) return null
    return new ForecastDesk({
      forecaster,
      agent: context.signer.agent,
      clock,
      log,
      store,
      timeoutMs: agentTimeoutMs,
      marginHeights: this.#options.marginHeights,
      ledger: () => this.#replica.ledger(),
      send: (to, frame) => sendSignal(host, to, frame),
      onCommand: (command) => void this.#loop.submit({ kind: 'command', command }),
      onFault: (fault) => {
        this.#agentFaults += 1
        events.tell({ kind: 'forecast-fault', ...fault })
      },
    })
  }

  #createOpener(): OpenerDesk | null {
    const { agent, store } = this.#options
    const { opener } = agent
    if (opener === undefined) return null
    return new OpenerDesk({
      opener,
      store,
      ledger: () => this.#replica.ledger(),
      onCommand: (command) => void this.#loop.submit({ kind: 'command', command }),
      onFault: (error) => this.#agentFailed(error, 'the agent could not choose what to ask'),
    })
  }

  #createResolutions(): ResolutionDesk | null {
    const { agent, context, log } = this.#options
    const { forecast } = context.genesis
    const witness = agent.forecaster?.witness
    if (witness === undefined || forecast === null) return null
    return new ResolutionDesk({
      witness,
      agent: context.signer.agent,
      bondMicro: forecast.assertBondMicro,
      ledger: () => this.#replica.ledger(),
      log,
      onCommand: (command) => void this.#loop.submit({ kind: 'command', command }),
      onFault: (error) =>
        this.#agentFailed(error, 'the agent could not say what it has seen come true'),
    })
  }

  #agentFailed(error: unknown, sentence: string): void {
    this.#agentFaults += 1
    this.#options.log.warn({ err: error }, sentence)
  }

  #onTold(told: Told): void {
    switch (told.kind) {
      case 'answer':
        this.#submissions.answered(told)
        break
      case 'heard': {
        const { subnet, conversation, target, turn } = told
        this.#options.events.tell({ kind: 'turn', subnet, conversation, target, turn })
        break
      }
      case 'final':
        this.#watch.check(told.blocks, told.certificate)
        this.#submissions.final(told.blocks)
        this.#tellFinal(told)
        break
    }
  }

  #tellFinal({ blocks }: Extract<Told, { kind: 'final' }>): void {
    const { log, events: listeners } = this.#options
    for (const { id, block, receipts, events } of blocks) {
      const { height, epoch } = block.header
      const transactions = receipts.length
      const refused = receipts.filter(({ code }) => code !== 'ok').length
      log.info({ height, epoch, id, transactions, refused }, 'a block is final')
      listeners.tell({ kind: 'final', height, epoch, id, transactions, refused })
      for (const event of events) {
        log.info({ height, event: event.kind }, 'the ledger changed')
        listeners.tell({ kind: 'chain', height, event })
      }
      this.#forecasts?.onEvents(events)
      this.#opener?.onEvents(events)
    }
    this.#opener?.act()
    this.#resolutions?.act()
  }
}

/** The same replica, each step of which is noted. */
function observe(replica: ReplicaPort, conduct: ConductBook): ReplicaPort {
  return {
    step(input) {
      const effects = replica.step(input)
      conduct.take(input, effects, replica.ledger())
      return effects
    },
    nextDeadlineMs: () => replica.nextDeadlineMs(),
    view: () => replica.view(),
    ledger: () => replica.ledger(),
    reopen: (nowMs) => replica.reopen(nowMs),
  }
}
