import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Identify } from '@libp2p/identify'
import { identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import type { Ping } from '@libp2p/ping'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import type { Gate } from './gated-registrar.ts'
import { GatedRegistrar } from './gated-registrar.ts'
import { createGater } from './gater.ts'
import type { GossipOptions, GossipRouter } from './gossip.ts'
import { createGossip } from './gossip.ts'

export interface NodeOptions extends GossipOptions {
  readonly secretKey: Uint8Array
  readonly listen: readonly string[]
  readonly isDenied: (peerId: string) => boolean
  readonly gate: Gate
}

type Services = { identify: Identify; ping: Ping; gossip: GossipRouter }

export interface Node {
  readonly libp2p: Libp2p<Services>
  readonly gossip: GossipRouter
  /** Tells gossip which peers there are. */
  readonly registrar: GatedRegistrar
}

/** Streams of one protocol that one connection may have open towards us. */
const INBOUND_STREAMS_MAX = 64
/** A busy machine answers late; a ping that takes longer than this means that the link is dead. */
const PING_TIMEOUT_MS = 10_000

/** Builds libp2p with gossip behind the gate; it neither listens nor dials before it is started. */
export async function createNode(options: NodeOptions): Promise<Node> {
  const { limits } = options
  let registrar: GatedRegistrar | undefined
  const libp2p = await createLibp2p<Services>({
    start: false,
    privateKey: await generateKeyPairFromSeed('Ed25519', options.secretKey),
    nodeInfo: { name: 'commonweal', version: '1', userAgent: 'commonweal/1' },
    addresses: { listen: [...options.listen] },
    transports: [tcp({ maxConnections: 2 * limits.connectionsMax })],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        // The connection monitor's pings keep connections alive and notice dead ones.
        enableKeepAlive: false,
        maxInboundStreams: INBOUND_STREAMS_MAX * 4,
        maxOutboundStreams: INBOUND_STREAMS_MAX * 4,
        streamOptions: {
          // [WIRE-15] A paused reader holds the sender after one window.
          initialStreamWindowSize: limits.yamuxWindowBytes,
          maxStreamWindowSize: limits.yamuxWindowBytes,
        },
      }),
    ],
    connectionGater: createGater(options.isDenied),
    connectionManager: {
      maxConnections: limits.connectionsMax,
      maxIncomingPendingConnections: limits.inboundConnectionsPerSecond,
      inboundConnectionThreshold: limits.inboundConnectionsPerSecond,
      inboundStreamProtocolNegotiationTimeout: limits.negotiationTimeoutMs,
      outboundStreamProtocolNegotiationTimeout: limits.negotiationTimeoutMs,
      dialTimeout: limits.dialTimeoutMs,
      addressDialTimeout: limits.dialTimeoutMs,
      inboundUpgradeTimeout: limits.dialTimeoutMs,
      reconnectRetries: 0,
    },
    connectionMonitor: { pingTimeout: { minTimeout: PING_TIMEOUT_MS } },
    services: {
      identify: identify({ maxInboundStreams: 2, maxOutboundStreams: 2 }),
      ping: ping(),
      gossip: (components) => {
        registrar = new GatedRegistrar(components.registrar, options.gate)
        const { privateKey, peerId, peerStore, connectionManager, logger } = components
        return createGossip(options)({
          privateKey,
          peerId,
          peerStore,
          connectionManager,
          logger,
          registrar,
        })
      },
    },
  })
  if (registrar === undefined) throw new Error('libp2p did not create its gossip service')
  return { libp2p, gossip: libp2p.services.gossip, registrar }
}
