import {
  type AgentId,
  builtInSubnets,
  type Cid,
  type Genesis,
  type Input,
  type Ledger,
  networkIdOf,
  type ReplicaContext,
  type TransactionBody,
  trustGenesis,
} from '@commonweal/protocol'
import type { AssistantSeat } from './agent/assistant/assistant-agent.ts'
import type { ApiServer } from './api/listen.ts'
import { startApi } from './api/server.ts'
import { createClock } from './clock.ts'
import type { NodeConfig } from './config.ts'
import { dumpCrash } from './crash-dump.ts'
import { createNodeSigner, createNodeVerify } from './crypto.ts'
import { ConfigError, OperationalError } from './errors.ts'
import type { Claim } from './join-error.ts'
import { REJECTED } from './network/gossip-inbox.ts'
import { createHost } from './network/host.ts'
import { impairHost } from './network/impaired-host.ts'
import type { Host, PeerEvent } from './network/port.ts'
import { joinFirst } from './newcomer.ts'
import { computeAgentTimeout, createNodeAgent } from './node-agent.ts'
import { type NodeEvent, NodeEvents } from './node-event.ts'
import { type Companions, type NodeParts, SILENT, withFault, withPlugin } from './node-parts.ts'
import { createStatus, type NodeStatus } from './node-status.ts'
import { createOutside, type OpenAgent } from './outside/create-outside.ts'
import { Participation } from './participation.ts'
import { PeerFaults } from './peer-faults.ts'
import { RefusalCounts } from './peer-traffic.ts'
import type { ClockPort, LogPort, StorePort } from './ports.ts'
import { openReplica } from './replica-port.ts'
import { createSnapshotPolicy } from './snapshot-policy.ts'
import { openSqliteStore } from './store/sqlite.ts'
import type { Submitted } from './submissions.ts'
import { PeerPool } from './sync/peer-pool.ts'
import { serveSync } from './sync/responder.ts'
import { SyncClient } from './sync/sync-client.ts'

/** One running node. */
export interface Node {
  readonly agent: AgentId
  readonly peerId: string
  readonly networkId: Cid
  readonly genesis: Genesis
  /** Base URL of the HTTP API; null where it has none. */
  readonly apiUrl: string | null
  readonly store: StorePort
  addresses(): readonly string[]
  status(): NodeStatus
  /** After the last final block. */
  ledger(): Ledger
  /** Signs and sends a transaction of this node's agent; with a patience, waits that long for its receipt. */
  submit(body: TransactionBody, patienceMs?: number): Promise<Submitted>
  /** Returns what ends the listening. */
  listen(listener: (event: NodeEvent) => void): () => void
  /** Connects to a peer by multiaddr, and again whenever the connection is lost. Errors  TransportError */
  connect(address: string): Promise<void>
  /** Cuts the links to these peers, and only these, until the next call. */
  setBlocked(peerIds: readonly string[]): void
  /** Resolves once the node has stopped: with null when it was asked to, else with what stopped it. */
  readonly ended: Promise<Error | null>
  stop(): Promise<void>
}

/**
 * Starts a node: opens its store, joins the network where it must, restores its replica, and takes part.
 *
 * Errors  ConfigError · StoreError · JoinError · TransportError
 */
export async function startNode(config: NodeConfig, parts: NodeParts = {}): Promise<Node> {
  const networkId = networkIdOf(config.genesis)
  const signer = createNodeSigner(config.secretKey)
  const context: ReplicaContext = {
    genesis: config.genesis,
    networkId,
    verify: createNodeVerify(KEYS_CACHED),
    subnets: builtInSubnets,
    signer,
    votes: config.votes,
    seed: config.seed,
  }
  const trusted = trustGenesis(context)
  if (!trusted.ok) {
    throw new ConfigError('genesis', config.genesis.name, `a valid genesis (${trusted.error.code})`)
  }
  const complete = await withPlugin(config, parts)
  const own = { folder: config.dataFolder, networkId, agent: signer.agent }
  const store = parts.store ?? openSqliteStore({ ...own, keepEpochs: config.keepEpochs ?? null })
  const node = new RunningNode(config, await withFault(config, complete), context, store)
  try {
    await node.start()
    return node
  } catch (error) {
    await node.stop()
    throw error
  }
}

/** Public keys of authors that stay imported. */
const KEYS_CACHED = 1_024
/** Peers of an earlier run that are dialled again, the latest first. */
const PEERS_REDIALLED = 16

/** Enough for a seal to get into a block. */
const MARGIN_HEIGHTS_DEFAULT = 8

class RunningNode implements Node {
  readonly agent: AgentId
  readonly networkId: Cid
  readonly genesis: Genesis
  readonly store: StorePort
  readonly assistant: AssistantSeat | undefined
  readonly ended: Promise<Error | null>
  readonly #config: NodeConfig
  readonly #context: ReplicaContext
  readonly #log: LogPort
  readonly #clock: ClockPort
  readonly #parts: NodeParts
  readonly #policy: OpenAgent
  readonly #events = new NodeEvents()
  readonly #refusals = new RefusalCounts()
  readonly #faults = new PeerFaults()
  readonly #stopping = new AbortController()
  readonly #end: (error: Error | null) => void
  #host: Host | undefined
  #companions: Companions | undefined
  #participation: Participation | undefined
  #api: ApiServer | undefined
  #stopped: Promise<void> | undefined

  constructor(config: NodeConfig, parts: NodeParts, context: ReplicaContext, store: StorePort) {
    const { promise, resolve } = Promise.withResolvers<Error | null>()
    this.ended = promise
    this.#end = resolve
    this.#config = config
    this.#context = context
    this.agent = context.signer.agent
    this.networkId = context.networkId
    this.genesis = context.genesis
    this.store = store
    this.#log = parts.log ?? SILENT
    this.#clock = parts.clock ?? createClock()
    this.#parts = parts
    if (parts.onEvent !== undefined) this.#events.listen(parts.onEvent)
    const [id, clock, signal] = [this.agent, this.#clock, this.#stopping.signal]
    const own = { id, clock, signal, log: this.#log, plugin: parts.plugin ?? null }
    const policy = parts.agent ?? createNodeAgent(config, own)
    const surroundings = { id, clock, signal, events: this.#events, log: this.#log }
    this.#policy = createOutside(config, policy, surroundings)
    this.assistant = policy.assistant
  }

  async start(): Promise<void> {
    const host = await this.#startHost()
    const peers = new PeerPool(host)
    const client = new SyncClient(host, this.#stopping.signal)
    serveSync(host, this.store, this.#parts.answerSync)
    this.#companions = await this.#parts.startCompanions?.(this.#config, this.store)
    const heads = await this.#join(host, peers, client)
    this.#participation = new Participation({
      context: this.#context,
      store: this.store,
      openReplica: this.#parts.openReplica ?? openReplica,
      clock: this.#clock,
      log: this.#log,
      host,
      peers,
      client,
      agent: this.#policy.agent,
      marginHeights: this.#config.agent.weather?.marginHeights ?? MARGIN_HEIGHTS_DEFAULT,
      agentTimeoutMs: computeAgentTimeout(this.#config),
      events: this.#events,
      refusals: this.#refusals,
      faults: this.#faults,
      heads,
      snapshots: createSnapshotPolicy(this.#config, this.#log),
      onFatal: (error, input) => this.#onFatal(error, input),
    })
    const { api, dataFolder: folder } = this.#config
    if (api !== null)
      this.#api = await startApi(this, { ...api, folder, outside: this.#policy.outside })
  }

  get peerId(): string {
    return this.#required(this.#host).peerId
  }

  get apiUrl(): string | null {
    return this.#api?.url ?? null
  }

  addresses(): readonly string[] {
    return [...this.#required(this.#host).addresses(), ...(this.#companions?.addresses() ?? [])]
  }

  ledger(): Ledger {
    return this.#required(this.#participation).ledger()
  }

  status(): NodeStatus {
    const host = this.#required(this.#host)
    const participation = this.#required(this.#participation)
    return createStatus({
      name: this.#config.name,
      networkId: this.networkId,
      networkName: this.genesis.name,
      peerId: host.peerId,
      agent: this.agent,
      agentName: this.#policy.agent.name,
      addresses: host.addresses(),
      peers: host.peers(),
      refusals: this.#refusals.toRecord(),
      offenders: this.#faults.toViews((peerId) => host.standingOf(peerId)),
      agentFaults: participation.agentFaults,
      model: this.#policy.agent.usage?.() ?? null,
      suspects: participation.suspects(),
      view: participation.view(),
      ledger: participation.ledger(),
    })
  }

  submit(body: TransactionBody, patienceMs = 0): Promise<Submitted> {
    return this.#required(this.#participation).submit(body, patienceMs)
  }

  listen(listener: (event: NodeEvent) => void): () => void {
    return this.#events.listen(listener)
  }

  connect(address: string): Promise<void> {
    return this.#required(this.#host).connect(address)
  }

  setBlocked(peerIds: readonly string[]): void {
    this.#log.warn({ peerIds }, 'the operator cuts links')
    this.#required(this.#host).setBlocked(peerIds)
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop(null)
    return this.#stopped
  }

  async #startHost(): Promise<Host> {
    const config = this.#config
    const known = this.store.peers().slice(0, PEERS_REDIALLED)
    const host = await createHost({
      secretKey: config.secretKey,
      networkId: this.networkId,
      name: config.genesis.name,
      height: () => this.#claimedHeight(),
      listen: config.listen,
      bootNodes: config.bootNodes,
      knownPeers: known.map(({ address }) => address),
      isBootNode: config.isBootNode,
      limits: this.#parts.limits ?? {},
      logger: this.#log,
      onPeer: (event) => this.#onPeer(event),
      onPenalty: (peerId, code) => this.#onPenalty(peerId, code),
    })
    this.#host = config.links === null ? host : impairHost(host, config.links, Math.random)
    return this.#host
  }

  /** Heads that the chain must run into; none for a node that has data, or starts with its network. */
  async #join(host: Host, peers: PeerPool, client: SyncClient): Promise<readonly Claim[]> {
    const { join, dataFolder: folder } = this.#config
    if (join === null || this.store.head() !== undefined) return []
    const own = { context: this.#context, store: this.store, log: this.#log, clock: this.#clock }
    const joined = await joinFirst({ ...own, join, client, host, peers, folder })
    this.#events.tell({ kind: 'joined', ...joined, heads: joined.heads.length })
    return joined.heads
  }

  #claimedHeight(): number {
    const view = this.#participation?.view()
    const height = view?.finalHeight ?? this.store.head()?.header.height ?? 0
    return this.#parts.claimHeight?.(height) ?? height
  }

  #onPeer(event: PeerEvent): void {
    if (event.kind === 'refused') {
      const { peerId, code, by } = event.refusal
      this.#refusals.add(code)
      this.#log.warn({ peerId, code, by }, 'a connection was refused')
      this.#events.tell({ kind: 'peer', peerId, status: 'refused', code, by })
      return
    }
    const { kind: status, peerId } = event
    this.#participation?.onPeer(event)
    if (status === 'up') this.#rememberPeer(peerId)
    this.#events.tell({ kind: 'peer', peerId, status })
  }

  /** A rejected message is counted by its own code, where it is judged. */
  #onPenalty(peerId: string, code: string): void {
    if (code === REJECTED) return
    this.#refusals.add(code)
    this.#faults.add(peerId, code)
  }

  /** Whom we reached ourselves we can reach again. */
  #rememberPeer(peerId: string): void {
    const peer = this.#host?.peers().find((view) => view.peerId === peerId)
    if (peer?.direction !== 'outbound') return
    const address = peer.address.includes('/p2p/') ? peer.address : `${peer.address}/p2p/${peerId}`
    const seenAtMs = this.#clock.nowMs()
    this.store.commit([{ kind: 'peer', peer: { peerId, address, seenAtMs } }])
  }

  /** Our own bug leaves a dump; the world's fault is named. Either way the node is over. */
  #onFatal(error: Error, input: Input | undefined): void {
    const isOperational = error instanceof OperationalError
    const code = isOperational ? error.code : error.name
    this.#log.error({ err: error, code }, 'the node cannot go on')
    if (!isOperational) {
      const [networkId, nowMs] = [this.networkId, this.#clock.nowMs()]
      const view = this.#participation?.view() ?? null
      const path = dumpCrash(this.#config.dataFolder, { error, input, view, networkId, nowMs })
      this.#log.error({ path }, 'a dump was written')
    }
    this.#events.tell({ kind: 'failed', code, sentence: error.message })
    this.#stopped ??= this.#stop(error)
  }

  async #stop(error: Error | null): Promise<void> {
    this.#stopping.abort()
    this.#participation?.stop()
    await this.#api?.stop()
    await this.#host?.stop()
    await this.#companions?.stop()
    this.store.close()
    if (error === null) this.#events.tell({ kind: 'stopped' })
    this.#end(error)
  }

  #required<T>(part: T | undefined): T {
    if (part !== undefined) return part
    throw new OperationalError('not-started', 'the node has not started', { retryable: true })
  }
}
