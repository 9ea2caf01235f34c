import { createHash, randomBytes } from 'node:crypto'
import type { GossipSub, GossipsubOpts } from '@chainsafe/libp2p-gossipsub'
import { gossipsub, StrictNoSign } from '@chainsafe/libp2p-gossipsub'
import { type Cid, secretKeyOf } from '@commonweal/protocol'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import type { Connection, Libp2p, Stream, StreamMuxerFactory } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import type { Ping } from '@libp2p/ping'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { type LengthPrefixedStream, lpStream } from '@libp2p/utils'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { fromString, toString } from 'uint8arrays'
import { until } from '../e2e/until.ts'

export type TopicName = 'consensus' | 'transactions' | 'negotiation'
const TOPIC_NAMES: readonly TopicName[] = ['consensus', 'transactions', 'negotiation']

export const HELLO = '/commonweal/hello/1'
export const CONSENSUS = '/commonweal/consensus/1'
export const SYNC = '/commonweal/sync/1'

/** What a handshake frame may say. */
export interface Greeting {
  readonly networkId: string
  readonly protocolVersion: number
  readonly name: string
  readonly height: number
}

/** The other side's frame of the handshake. */
export interface Answer {
  readonly hello?: Greeting
  readonly refusal?: string
}

/** One that is attacked: where it listens. */
export interface Victim {
  readonly peerId: string
  addresses(): readonly string[]
}

export interface OutsidePeerOptions {
  /** What it says of itself instead of the truth. */
  readonly greeting?: Partial<Greeting>
  /** Lets every stream that another opens wait for an answer for ever. */
  readonly isMute?: boolean
  /** Takes nothing for seen, and publishes again what everybody knows. */
  readonly forgets?: boolean
  /** The body of its answer to a sync request; without it, it does not speak the protocol. */
  readonly answerSync?: (request: Uint8Array, from: string) => AsyncIterable<Uint8Array>
}

interface Services extends Record<string, unknown> {
  readonly gossip: GossipSub
  readonly ping: Ping
}

/** How long one answer of a peer may take. */
const PATIENCE_MS = 10_000
/** Largest frame that a peer may send us. */
const FRAME_BYTES_MAX = 2 * 1024 * 1024

let count = 0

/**
 * A peer that runs none of the node's software: libp2p as it comes, gossip as it comes, and the few bytes of our wire
 * protocol written by hand from spec/wire.md. Its key is its own: whoever signs what it sends is another matter.
 */
export class OutsidePeer implements AsyncDisposable {
  readonly libp2p: Libp2p<Services>
  /** Gossip that it heard, oldest first. */
  readonly heard: { readonly topic: TopicName; readonly bytes: Uint8Array }[] = []
  readonly #networkId: Cid
  readonly #options: OutsidePeerOptions
  readonly #lanes = new Map<string, LengthPrefixedStream>()

  static async start(
    { networkId }: { readonly networkId: Cid },
    options: OutsidePeerOptions = {},
  ): Promise<OutsidePeer> {
    const peer = new OutsidePeer(networkId, options, await createHost(options))
    const { answerSync } = options
    await peer.libp2p.handle(HELLO, (stream) => peer.#answerHello(stream))
    if (answerSync !== undefined) {
      await peer.libp2p.handle(SYNC, (stream, connection) =>
        serveSync(stream, connection.remotePeer.toString(), answerSync),
      )
    }
    for (const name of TOPIC_NAMES) peer.#listen(name)
    return peer
  }

  private constructor(networkId: Cid, options: OutsidePeerOptions, libp2p: Libp2p<Services>) {
    this.#networkId = networkId
    this.#options = options
    this.libp2p = libp2p
  }

  get peerId(): string {
    return this.libp2p.peerId.toString()
  }

  addresses(): readonly string[] {
    return this.libp2p.getMultiaddrs().map((address) => address.toString())
  }

  /** Dials, and says nothing yet. */
  async dial(victim: Victim): Promise<Connection> {
    return this.libp2p.dial(
      victim.addresses().map((one) => multiaddr(one)),
      { signal: AbortSignal.timeout(PATIENCE_MS) },
    )
  }

  /** The handshake of [WIRE-3], by hand. */
  async greet(victim: Victim): Promise<Answer> {
    const frames = lpStream(await this.open(victim, HELLO))
    const limit = { signal: AbortSignal.timeout(PATIENCE_MS) }
    await frames.write(encodeJson({ hello: this.#greeting() }), limit)
    const answer = await readAnswer(frames)
    if (answer.refusal === undefined) await frames.write(encodeJson({}), limit)
    await frames.unwrap().close(limit)
    return answer
  }

  /** Dials, shakes hands, and waits until gossip flows both ways. */
  async join(...victims: readonly Victim[]): Promise<void> {
    for (const victim of victims) {
      await this.dial(victim)
      const { refusal } = await this.greet(victim)
      if (refusal !== undefined) throw new Error(`refused: ${refusal}`)
    }
    if (this.#options.isMute !== true) await this.untilLinked(...victims)
  }

  /** Resolves when gossip flows both ways on a connection, whoever dialled it. */
  async untilLinked(...victims: readonly Victim[]): Promise<void> {
    await until('gossip flows', () => victims.every((victim) => this.#isLinked(victim)))
  }

  /** Whether the victim shakes hands with it: what is banned does not get as far. */
  async isLetIn(victim: Victim): Promise<boolean> {
    try {
      await this.dial(victim)
      return (await this.greet(victim)).refusal === undefined
    } catch {
      return false
    }
  }

  /** By gossip, to all who are connected. */
  async publish(topic: TopicName, bytes: Uint8Array): Promise<void> {
    await this.libp2p.services.gossip.publish(this.#topic(topic), bytes)
  }

  /** Frames on one lasting stream to the victim's consensus protocol. */
  async send(victim: Victim, ...frames: readonly Uint8Array[]): Promise<void> {
    const known = this.#lanes.get(victim.peerId)
    const lane = known ?? lpStream(await this.open(victim, CONSENSUS))
    this.#lanes.set(victim.peerId, lane)
    for (const frame of frames) {
      await lane.write(frame, { signal: AbortSignal.timeout(PATIENCE_MS) })
    }
  }

  /** One request on the sync protocol. Result  the frames of the answer, kind byte included. */
  async ask(victim: Victim, request: Uint8Array): Promise<readonly Uint8Array[]> {
    const stream = await this.open(victim, SYNC)
    const frames = lpStream(stream, { maxDataLength: FRAME_BYTES_MAX })
    const limit = { signal: AbortSignal.timeout(PATIENCE_MS) }
    await frames.write(request, limit)
    await stream.close(limit)
    const answer: Uint8Array[] = []
    while (answer.at(-1)?.[0] !== 1 && answer.at(-1)?.[0] !== 2) {
      const frame = await frames.read({ signal: AbortSignal.timeout(PATIENCE_MS) })
      answer.push(Uint8Array.from(frame.subarray()))
    }
    return answer
  }

  async open(victim: Victim, protocol: string): Promise<Stream> {
    return this.connectionTo(victim).newStream([protocol], {
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
  }

  connectionTo(victim: Victim): Connection {
    const connection = this.libp2p
      .getConnections()
      .findLast(({ remotePeer }) => remotePeer.toString() === victim.peerId)
    if (connection === undefined) throw new Error('no connection')
    return connection
  }

  isConnectedTo(victim: Victim): boolean {
    return this.libp2p.getPeers().some((peer) => peer.toString() === victim.peerId)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.libp2p.stop()
  }

  #greeting(): Greeting {
    const { greeting } = this.#options
    return {
      networkId: this.#networkId,
      protocolVersion: 1,
      name: 'outside',
      height: 0,
      ...greeting,
    }
  }

  /** The handshake as the side that was dialled. */
  async #answerHello(stream: Stream): Promise<void> {
    const frames = lpStream(stream)
    await readAnswer(frames)
    await frames.write(encodeJson({ hello: this.#greeting() }))
    await frames.read().catch(() => undefined)
    await stream.close()
  }

  #listen(name: TopicName): void {
    const { gossip } = this.libp2p.services
    gossip.subscribe(this.#topic(name))
    gossip.addEventListener('message', ({ detail }) => {
      if (detail.topic === this.#topic(name)) this.heard.push({ topic: name, bytes: detail.data })
    })
  }

  /** [WIRE-1] */
  #topic(name: TopicName): string {
    return `commonweal/1/${this.#networkId.slice(0, 16)}/${name}`
  }

  /** Gossip has a stream of its own each way: on the other side's we learned of its topics. */
  #isLinked(victim: Victim): boolean {
    if (!this.isConnectedTo(victim)) return false
    const { gossip } = this.libp2p.services
    const speaks = this.connectionTo(victim).streams.some(
      ({ direction, protocol }) => direction === 'outbound' && protocol.startsWith('/meshsub/'),
    )
    return TOPIC_NAMES.every((name) => {
      const subscribers = gossip.getSubscribers(this.#topic(name))
      return speaks && subscribers.some((peer) => peer.toString() === victim.peerId)
    })
  }
}

async function createHost({ isMute, forgets }: OutsidePeerOptions): Promise<Libp2p<Services>> {
  count += 1
  return createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', secretKeyOf('outside', count)),
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [isMute === true ? muteMuxer : yamux()],
    services: {
      identify: identify(),
      ping: ping(),
      gossip: gossipsub({
        globalSignaturePolicy: StrictNoSign,
        allowPublishToZeroTopicPeers: true,
        msgIdFn: forgets === true ? () => randomBytes(32) : computeContentId,
      }),
    },
  })
}

/** [WIRE-7] */
const computeContentId: GossipsubOpts['msgIdFn'] = ({ topic, data }) =>
  createHash('sha256').update(topic).update(data).digest()

/** A muxer that tells nobody of the streams that the other side opens. */
function muteMuxer(): StreamMuxerFactory {
  const factory = yamux()()
  return {
    protocol: factory.protocol,
    createStreamMuxer(connection) {
      const muxer = factory.createStreamMuxer(connection)
      muxer.addEventListener('stream', () => {})
      return new Proxy(muxer, {
        get(target, key) {
          if (key === 'addEventListener') return listenToAllBut.bind(null, target)
          const value: unknown = Reflect.get(target, key)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    },
  }
}

function listenToAllBut(
  target: EventTarget,
  kind: string,
  listener: Parameters<EventTarget['addEventListener']>[1],
): void {
  if (kind !== 'stream') target.addEventListener(kind, listener)
}

/** One frame of the request, then the answer: each part behind a 0, and a 1 at the end. [WIRE-18] */
async function serveSync(
  stream: Stream,
  from: string,
  answer: NonNullable<OutsidePeerOptions['answerSync']>,
): Promise<void> {
  const frames = lpStream(stream, { maxDataLength: FRAME_BYTES_MAX })
  const request = await frames.read({ signal: AbortSignal.timeout(PATIENCE_MS) })
  try {
    for await (const part of answer(request.subarray(), from)) {
      await frames.write(Uint8Array.of(0, ...part))
    }
    await frames.write(Uint8Array.of(1))
    await stream.close()
  } catch {
    // Whoever asked has heard enough.
  }
}

async function readAnswer(frames: LengthPrefixedStream): Promise<Answer> {
  const frame = await frames.read({ signal: AbortSignal.timeout(PATIENCE_MS) })
  return JSON.parse(toString(frame.subarray()))
}

function encodeJson(value: unknown): Uint8Array {
  return fromString(JSON.stringify(value))
}
