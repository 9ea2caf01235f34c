import type { Connection } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { AdmittedPeer } from './admission.ts'
import { Admission } from './admission.ts'
import { Dialler, parsePeerAddress } from './dialler.ts'
import { GossipInbox } from './gossip-inbox.ts'
import { describeRefusal } from './hello.ts'
import { LastingStreams } from './lasting-streams.ts'
import type { Node } from './libp2p-node.ts'
import { createNode } from './libp2p-node.ts'
import type { NetworkLimits } from './limits.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { LinkKeeper } from './link-keeper.ts'
import { computePeerView } from './peer-view.ts'
import type {
  GossipValidator,
  HandshakeRefusal,
  Hello,
  Host,
  HostOptions,
  NetworkLogger,
  PeerEvent,
  PeerView,
  PublishOutcome,
  RequestOptions,
  RequestResponder,
  SendProtocol,
  SendReceiver,
  Standing,
  TopicName,
} from './port.ts'
import { CONSENSUS_PROTOCOL, SIGNAL_PROTOCOL, serveProtocols } from './protocols.ts'
import { Reputation } from './reputation.ts'
import { requestFrames } from './request.ts'
import { Responder } from './responder.ts'
import { createTopicTable, formatTopic } from './topics.ts'
import { TransportError } from './transport-error.ts'

export type * from './port.ts'

export const PROTOCOL_VERSION = 1

/** Refusals remembered, to explain them to whoever asked for the connection. */
const REFUSALS_MAX = 256

/** What a configured boot node is trusted beyond its deeds: just enough for its peer exchange to be believed. */
const BOOT_NODE_SCORE = 100

const SILENT: NetworkLogger = { debug: () => {}, info: () => {}, warn: () => {} }

/**
 * Starts a host: it listens, dials its boot nodes, and goes on dialling whomever it loses.
 *
 * Errors  TransportError 'bad-address' for a boot node without a peer id; libp2p's own where it cannot listen.
 */
export async function createHost(options: HostOptions): Promise<Host> {
  const bootNodes = (options.bootNodes ?? []).map(parsePeerAddress)
  const host = new NetworkHost(options, new Set(bootNodes.map((node) => node.peerId)))
  await host.start()
  const known = (options.knownPeers ?? []).map(parsePeerAddress)
  for (const peer of [...known, ...bootNodes]) host.keepConnected(peer)
  return host
}

/** What exists from the start of libp2p on. */
interface Running {
  readonly node: Node
  readonly dialler: Dialler
  readonly keeper: LinkKeeper
}

class NetworkHost implements Host {
  readonly #options: HostOptions
  readonly #limits: NetworkLimits
  readonly #logger: NetworkLogger
  readonly #nowMs: () => number
  readonly #stopping = new AbortController()
  readonly #topics: ReadonlyMap<string, TopicName>
  readonly #bootIds: ReadonlySet<string>
  readonly #reputation: Reputation
  readonly #admission: Admission
  readonly #inbox: GossipInbox
  readonly #lasting: Readonly<Record<SendProtocol, LastingStreams>>
  readonly #responder: Responder
  readonly #refusals = new Map<string, HandshakeRefusal>()
  #blocked: ReadonlySet<string> = new Set()
  #running: Running | undefined

  constructor(options: HostOptions, bootIds: ReadonlySet<string>) {
    this.#options = options
    this.#bootIds = bootIds
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.#logger = options.logger ?? SILENT
    this.#nowMs = options.nowMs ?? (() => performance.now())
    this.#topics = createTopicTable(options.networkId)
    this.#reputation = new Reputation(this.#limits)
    const shared = {
      limits: this.#limits,
      nowMs: this.#nowMs,
      logger: this.#logger,
      signal: this.#stopping.signal,
      penalise: (peerId: string, points: number, code: string): void =>
        this.penalise(peerId, points, code),
      onBug: throwOutside,
    }
    this.#admission = new Admission({
      ...shared,
      selfId: () => this.peerId,
      ours: () => this.#hello(),
      onUp: (peer) => this.#onUp(peer),
      onDown: (peerId) => this.#onDown(peerId),
      onRefused: (refusal) => this.#onRefused(refusal),
    })
    this.#inbox = new GossipInbox({
      ...shared,
      isAdmitted: (peerId) => this.#admission.get(peerId) !== undefined,
    })
    const createLasting = (protocol: string, limits: NetworkLimits): LastingStreams =>
      new LastingStreams({
        ...shared,
        limits,
        protocol,
        connectionTo: (peerId) => this.#admission.connection(peerId),
      })
    this.#lasting = {
      consensus: createLasting(CONSENSUS_PROTOCOL, this.#limits),
      signal: createLasting(SIGNAL_PROTOCOL, signalLimits(this.#limits)),
    }
    this.#responder = new Responder(shared)
  }

  async start(): Promise<void> {
    const { secretKey, networkId, listen, isBootNode } = this.#options
    const node = await createNode({
      secretKey,
      networkId,
      limits: this.#limits,
      listen: listen ?? ['/ip4/127.0.0.1/tcp/0'],
      isBootNode: isBootNode ?? false,
      isDenied: (peerId) => this.#isDenied(peerId),
      reputationOf: (peerId) => this.#scoreOf(peerId),
      gate: (connection) => this.#admission.passed(connection),
    })
    const shared = {
      libp2p: node.libp2p,
      limits: this.#limits,
      nowMs: this.#nowMs,
      logger: this.#logger,
      signal: this.#stopping.signal,
    }
    const dialler = new Dialler({
      ...shared,
      passed: (connection) => this.#admission.passed(connection),
      isDenied: (peerId) => this.#isDenied(peerId),
    })
    const { gossip, registrar } = node
    const keeper = new LinkKeeper({ ...shared, gossip, registrar, admission: this.#admission })
    this.#running = { node, dialler, keeper }
    await this.#listen(node)
  }

  get peerId(): string {
    return this.#parts.node.libp2p.peerId.toString()
  }

  addresses(): string[] {
    return this.#parts.node.libp2p.getMultiaddrs().map((address) => address.toString())
  }

  peers(): PeerView[] {
    const { gossip } = this.#parts.node
    return this.#admission.list().map((peer) =>
      computePeerView(peer, {
        selfId: this.peerId,
        gossip,
        topics: this.#topics,
        reputation: this.#reputation.valueOf(peer.peerId, this.#nowMs()),
      }),
    )
  }

  async publish(topic: TopicName, bytes: Uint8Array): Promise<PublishOutcome> {
    this.#checkSize(bytes, this.#limits.gossipBytesMax)
    const { gossip } = this.#parts.node
    const { recipients } = await gossip.publish(formatTopic(this.#options.networkId, topic), bytes)
    return { recipients: recipients.length }
  }

  onGossip(topic: TopicName, validator: GossipValidator): void {
    this.#inbox.set(topic, validator)
  }

  async send(peerId: string, protocol: SendProtocol, bytes: Uint8Array): Promise<void> {
    const lasting = this.#lasting[protocol]
    this.#checkSize(bytes, lasting.bytesMax)
    this.#connection(peerId)
    lasting.send(peerId, bytes)
  }

  onSend(protocol: SendProtocol, receiver: SendReceiver): void {
    this.#lasting[protocol].setReceiver(receiver)
  }

  request(
    peerId: string,
    bytes: Uint8Array,
    options: RequestOptions = {},
  ): AsyncIterable<Uint8Array> {
    const stopSignal = this.#stopping.signal
    const limits = this.#limits
    return requestFrames(this.#connection(peerId), bytes, { ...options, limits, stopSignal })
  }

  onRequest(responder: RequestResponder): void {
    this.#responder.set(responder)
  }

  penalise(peerId: string, points: number, code: string): void {
    const isBanned = this.#reputation.penalise(peerId, points, this.#nowMs())
    this.#logger.debug({ peerId, points, code }, 'a peer lost reputation')
    this.#options.onPenalty?.(peerId, code)
    if (isBanned) this.#cutBanned(peerId, code)
  }

  ban(peerId: string, code: string): void {
    this.#reputation.ban(peerId, this.#nowMs())
    this.#cutBanned(peerId, code)
  }

  standingOf(peerId: string): Standing {
    const nowMs = this.#nowMs()
    const reputation = this.#reputation.valueOf(peerId, nowMs)
    return { reputation, isBanned: this.#reputation.isBanned(peerId, nowMs) }
  }

  async connect(address: string): Promise<void> {
    const target = parsePeerAddress(address)
    const { node, dialler } = this.#parts
    this.keepConnected(target)
    dialler.plan.hurry(target.peerId, this.#nowMs())
    dialler.wake()
    const connection = await node.libp2p
      .dial(multiaddr(target.address), { signal: AbortSignal.timeout(this.#limits.dialTimeoutMs) })
      .catch((cause: unknown) => {
        throw new TransportError('not-connected', `nobody answers at ${address}`, { cause })
      })
    if (await this.#admission.passed(connection)) return
    const refusal = this.#refusals.get(target.peerId)
    if (refusal === undefined) {
      throw new TransportError('not-connected', `the connection to ${address} broke off`)
    }
    const sentence = describeRefusal(refusal.code, this.#hello(), refusal.theirs)
    throw new TransportError('refused', sentence, { facts: { reason: refusal.code } })
  }

  /** Dials the peer at its turn, and again whenever it is lost. */
  keepConnected(target: { peerId: string; address: string }): void {
    const { dialler } = this.#parts
    dialler.plan.add(target.peerId, target.address, true, this.#nowMs())
    if (this.#admission.get(target.peerId) !== undefined) dialler.plan.up(target.peerId)
    dialler.wake()
  }

  setBlocked(peerIds: readonly string[]): void {
    const { dialler, keeper } = this.#parts
    const before = this.#blocked
    this.#blocked = new Set(peerIds)
    for (const peerId of peerIds) keeper.hangUp(peerId, 'the operator has blocked the peer')
    for (const peerId of before) {
      if (!this.#blocked.has(peerId)) dialler.plan.hurry(peerId, this.#nowMs())
    }
    dialler.wake()
  }

  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return
    this.#stopping.abort()
    await this.#parts.node.libp2p.stop()
  }

  get #parts(): Running {
    if (this.#running === undefined) throw new TransportError('stopped', 'the host has not started')
    return this.#running
  }

  async #listen({ libp2p, gossip }: Node): Promise<void> {
    libp2p.addEventListener('connection:open', ({ detail }) => this.#admission.opened(detail))
    libp2p.addEventListener('connection:close', ({ detail }) => this.#onClosed(detail))
    await serveProtocols(libp2p, {
      admission: this.#admission,
      lasting: this.#lasting,
      responder: this.#responder,
    })
    for (const [topic, name] of this.#topics) {
      gossip.topicValidators.set(topic, this.#inbox.topicValidator(name))
    }
    await libp2p.start()
    for (const topic of this.#topics.keys()) gossip.subscribe(topic)
  }

  #onUp(peer: AdmittedPeer): void {
    const { dialler, keeper } = this.#parts
    const { peerId, hello } = peer
    this.#refusals.delete(peerId)
    dialler.plan.add(peerId, undefined, false, this.#nowMs())
    dialler.plan.up(peerId)
    keeper.attachGossip(peerId)
    this.#logger.info({ peerId, height: hello.height }, 'a peer is up')
    this.#emit({ kind: 'up', peerId, hello })
  }

  #onDown(peerId: string): void {
    const { node, dialler } = this.#parts
    node.registrar.disconnect(peerIdFromString(peerId))
    for (const streams of Object.values(this.#lasting)) streams.drop(peerId)
    this.#inbox.forget(peerId)
    this.#responder.forget(peerId)
    dialler.plan.down(peerId, this.#nowMs())
    dialler.wake()
    this.#logger.info({ peerId }, 'a peer is down')
    this.#emit({ kind: 'down', peerId })
  }

  /** A connection closed: what gossip lost with it is opened again on another one, if there is one. */
  #onClosed(connection: Connection): void {
    const peerId = connection.remotePeer.toString()
    this.#admission.closed(connection)
    if (this.#admission.get(peerId) !== undefined) {
      setImmediate(() => this.#parts.keeper.attachGossip(peerId))
    }
  }

  // [WIRE-5] A peer of another network or version stays one for a while.
  #onRefused(refusal: HandshakeRefusal): void {
    const { peerId, code, by, theirs } = refusal
    const { dialler } = this.#parts
    if (code === 'foreign-network' || code === 'protocol-version') {
      dialler.plan.pause(peerId, this.#nowMs() + this.#limits.refusedPauseMs)
      dialler.wake()
    }
    this.#refusals.delete(peerId)
    this.#refusals.set(peerId, refusal)
    const [oldest] = this.#refusals.keys()
    if (this.#refusals.size > REFUSALS_MAX && oldest !== undefined) this.#refusals.delete(oldest)
    this.#logger.warn({ peerId, code, by }, describeRefusal(code, this.#hello(), theirs))
    this.#emit({ kind: 'refused', refusal })
  }

  #cutBanned(peerId: string, code: string): void {
    const { dialler, keeper } = this.#parts
    this.#logger.warn({ peerId, code }, 'a peer is banned')
    keeper.hangUp(peerId, 'the peer is banned')
    dialler.plan.pause(peerId, this.#nowMs() + this.#limits.banMs)
    dialler.wake()
  }

  #isDenied(peerId: string): boolean {
    return this.#blocked.has(peerId) || this.#reputation.isBanned(peerId, this.#nowMs())
  }

  // [WIRE-23]
  #scoreOf(peerId: string): number {
    const reputation = this.#reputation.valueOf(peerId, this.#nowMs())
    return reputation + (this.#bootIds.has(peerId) ? BOOT_NODE_SCORE : 0)
  }

  #hello(): Hello {
    const { networkId, protocolVersion, name, height } = this.#options
    return {
      networkId,
      protocolVersion: protocolVersion ?? PROTOCOL_VERSION,
      name: name ?? '',
      height: height?.() ?? 0,
    }
  }

  #connection(peerId: string): Connection {
    const connection = this.#admission.connection(peerId)
    if (connection !== undefined) return connection
    throw new TransportError('not-connected', `no connection to ${peerId}`, { facts: { peerId } })
  }

  #checkSize(bytes: Uint8Array, bytesMax: number): void {
    if (this.#stopping.signal.aborted) throw new TransportError('stopped', 'the host has stopped')
    if (bytes.length <= bytesMax) return
    throw new TransportError(
      'too-large',
      `${bytes.length} bytes are above the ${bytesMax} allowed`,
      {
        facts: { bytes: bytes.length, bytesMax },
      },
    )
  }

  #emit(event: PeerEvent): void {
    this.#options.onPeer?.(event)
  }
}

/** [WIRE-16] [WIRE-17] */
function signalLimits(limits: NetworkLimits): NetworkLimits {
  return {
    ...limits,
    sendBytesMax: limits.signalBytesMax,
    sendRatePerSecond: limits.signalRatePerSecond,
    sendBurst: limits.signalBurst,
  }
}

/** A bug of ours, met inside somebody else's callback: it stops the process, as bugs do. */
function throwOutside(error: unknown): void {
  setImmediate(() => {
    throw error
  })
}
