import type { Verdict } from '@commonweal/protocol'
import type { NetworkLimits } from './limits.ts'

/** A gossip channel of this network, without its prefix. */
export type TopicName = 'consensus' | 'transactions' | 'negotiation'

export const TOPIC_NAMES: readonly TopicName[] = ['consensus', 'transactions', 'negotiation']

/** Protocols whose frames travel on one lasting stream to each peer, in order. */
export type SendProtocol = 'consensus' | 'signal'

/** What each side says of itself when a connection opens. */
export interface Hello {
  readonly networkId: string
  readonly protocolVersion: number
  /** Name of the network, for people; at most 64 characters. */
  readonly name: string
  /** Height of the last final block. */
  readonly height: number
}

/** Why a connection was refused at the handshake; both sides learn the code. */
export type HandshakeCode =
  | 'foreign-network'
  | 'protocol-version'
  | 'malformed-hello'
  | 'handshake-timeout'

export interface HandshakeRefusal {
  readonly peerId: string
  readonly address: string
  readonly code: HandshakeCode
  /** Who said no: this node, or the other one. */
  readonly by: 'us' | 'them'
  /** What the other side said of itself, where it said anything readable. */
  readonly theirs: Hello | undefined
}

export type PeerEvent =
  | { readonly kind: 'up'; readonly peerId: string; readonly hello: Hello }
  | { readonly kind: 'down'; readonly peerId: string }
  | { readonly kind: 'refused'; readonly refusal: HandshakeRefusal }

/** One connected peer that passed the handshake. */
export interface PeerView {
  readonly peerId: string
  readonly address: string
  readonly direction: 'inbound' | 'outbound'
  /** Gossip's score, own reputation included; below −2500 nothing of the peer's gossip is heard. */
  readonly score: number
  /** Our own memory of the peer; 0 is a stranger, the ban is at {@link NetworkLimits.banReputation}. */
  readonly reputation: number
  readonly topics: readonly TopicName[]
  /** Topics in whose mesh the peer is. */
  readonly mesh: readonly TopicName[]
  /** Whether gossip flows from the peer and to the peer. */
  readonly gossipInbound: boolean
  readonly gossipOutbound: boolean
  /** Connections to the peer; more than one only for a moment after two dials crossed. */
  readonly connectionCount: number
  readonly hello: Hello
}

/** What we remember of a peer, connected or not. */
export interface Standing {
  /** 0 is a stranger, less for each fault. */
  readonly reputation: number
  readonly isBanned: boolean
}

export type GossipValidator = (bytes: Uint8Array, from: string) => Verdict | Promise<Verdict>
export type SendReceiver = (bytes: Uint8Array, from: string) => void
export type RequestResponder = (
  bytes: Uint8Array,
  from: string,
  signal: AbortSignal,
) => AsyncIterable<Uint8Array>

export interface RequestOptions {
  readonly signal?: AbortSignal
  /** Greatest pause between two frames of the response; default {@link NetworkLimits.responsePauseMs}. */
  readonly timeoutMs?: number
  /** Greatest sum of the response's frames; default {@link NetworkLimits.responseBytesMax}. */
  readonly sizeMax?: number
}

/** The least that the network layer needs of a logger; pino's fits. */
export interface NetworkLogger {
  debug(facts: object, sentence: string): void
  info(facts: object, sentence: string): void
  warn(facts: object, sentence: string): void
}

export interface HostOptions {
  /** Ed25519 seed, 32 bytes; fixes the peer id. */
  readonly secretKey: Uint8Array
  readonly networkId: string
  /** Name of the network, for people. */
  readonly name?: string
  /** Default 1. */
  readonly protocolVersion?: number
  /** Height of our last final block, told to peers at the handshake. */
  readonly height?: () => number
  /** Multiaddrs; default `/ip4/127.0.0.1/tcp/0`. */
  readonly listen?: readonly string[]
  /** Multiaddrs that end in `/p2p/<peer id>`; dialled for as long as the host runs. */
  readonly bootNodes?: readonly string[]
  /** Multiaddrs of peers of an earlier run: dialled like boot nodes, but no more trusted than a stranger. */
  readonly knownPeers?: readonly string[]
  /** Tell pruned peers of others (peer exchange): for boot nodes only. Default false. */
  readonly isBootNode?: boolean
  readonly limits?: Partial<NetworkLimits>
  readonly logger?: NetworkLogger
  readonly onPeer?: (event: PeerEvent) => void
  /** A peer lost reputation, and what for. */
  readonly onPenalty?: (peerId: string, code: string) => void
  /** A clock that never runs backwards, in ms; default `performance.now`. */
  readonly nowMs?: () => number
}

export interface PublishOutcome {
  /** How many peers the message was handed to. */
  readonly recipients: number
}

/**
 * One node's place in the network: bytes in, bytes out, verdicts on peers.
 *
 * Source  spec/wire.md
 */
export interface Host {
  readonly peerId: string
  addresses(): string[]
  peers(): PeerView[]
  /** Errors  TransportError 'too-large' · 'stopped' */
  publish(topic: TopicName, bytes: Uint8Array): Promise<PublishOutcome>
  /** One validator a topic; before one is set, messages are ignored and not relayed. */
  onGossip(topic: TopicName, validator: GossipValidator): void
  /**
   * Queues a frame on the lasting stream to a peer; resolves when it is queued, not when it arrives.
   * A full queue drops its oldest frame.
   *
   * Errors  TransportError 'too-large' · 'not-connected' · 'stopped'
   */
  send(peerId: string, protocol: SendProtocol, bytes: Uint8Array): Promise<void>
  onSend(protocol: SendProtocol, receiver: SendReceiver): void
  /**
   * Asks a peer and yields the frames of its response, one at a time, no faster than they are read.
   *
   * Errors  TransportError 'not-connected' · 'refused' · 'too-large' · 'timeout' · 'aborted' · 'stream-failed' ·
   *         'stopped'
   */
  request(peerId: string, bytes: Uint8Array, options?: RequestOptions): AsyncIterable<Uint8Array>
  onRequest(responder: RequestResponder): void
  /** Takes points off the peer's reputation; bans it and hangs up where they run out. */
  penalise(peerId: string, points: number, code: string): void
  ban(peerId: string, code: string): void
  standingOf(peerId: string): Standing
  /** Connects to a peer by multiaddr and keeps the connection up from then on. */
  connect(address: string): Promise<void>
  /** Cuts the links to these peers, and only these, until the next call. For operators and partition tests. */
  setBlocked(peerIds: readonly string[]): void
  stop(): Promise<void>
}
