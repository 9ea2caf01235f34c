import type { GossipSub, GossipSubComponents, GossipsubOpts } from '@chainsafe/libp2p-gossipsub'
import { gossipsub, StrictNoSign } from '@chainsafe/libp2p-gossipsub'
import type { TopicExpectation } from './gossip-score.ts'
import {
  computePeerScore,
  computeTopicScore,
  MESH_DEGREE,
  SCORE_THRESHOLDS,
} from './gossip-score.ts'
import type { NetworkLimits } from './limits.ts'
import type { TopicName } from './port.ts'
import { computeGossipId, createTopicTable } from './topics.ts'

const EXPECTED: Readonly<Record<TopicName, TopicExpectation>> = {
  consensus: { ratePerSecond: 20, isSteady: true },
  transactions: { ratePerSecond: 20, isSteady: false },
  negotiation: { ratePerSecond: 20, isSteady: false },
}

export interface GossipOptions {
  readonly networkId: string
  readonly limits: NetworkLimits
  /** Peer exchange: only boot nodes tell pruned peers of others. */
  readonly isBootNode: boolean
  readonly reputationOf: (peerId: string) => number
}

/** What we use of gossipsub beyond its published interface: state to look at, nothing to change. */
export interface GossipRouter extends GossipSub {
  readonly streamsInbound: ReadonlyMap<string, unknown>
  readonly streamsOutbound: ReadonlyMap<string, unknown>
  getScore(peerId: string): number
  getMeshPeers(topic: string): string[]
}

/**
 * Gossip, hardened. Every line of the options answers a way in which the defaults fail; spec/wire.md §3 says which.
 *
 * Source  spec/wire.md §3 [WIRE-7] … [WIRE-10]
 */
export function createGossip(
  options: GossipOptions,
): (components: GossipSubComponents) => GossipRouter {
  const create = gossipsub(computeGossipOptions(options))
  return (components) => {
    const router = create(components)
    if (!isRouter(router))
      throw new TypeError('this gossipsub does not show its streams and scores')
    return router
  }
}

export function computeGossipOptions(options: GossipOptions): Partial<GossipsubOpts> {
  const { limits } = options
  const topics = createTopicTable(options.networkId)
  const scores = Object.fromEntries(
    [...topics].map(([topic, name]) => [topic, computeTopicScore(EXPECTED[name])]),
  )
  return {
    // [WIRE-7] Our envelope carries the one signature; the id is the content's digest.
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: (message) => computeGossipId(message.topic, message.data),
    // [WIRE-8] Nothing outside our topics takes memory, nothing goes round the mesh.
    allowedTopics: [...topics.keys()],
    fallbackToFloodsub: false,
    floodPublish: false,
    doPX: options.isBootNode,
    emitSelf: false,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    D: MESH_DEGREE,
    Dlo: 4,
    Dhi: 9,
    Dscore: 4,
    Dout: 2,
    mcacheLength: 6,
    mcacheGossip: 3,
    seenTTL: 120_000,
    gossipsubIWantFollowupMs: 5_000,
    idontwantMinDataSize: 16 * 1_024,
    // [WIRE-10] Limits on what a peer can make us read, decode and keep.
    maxInboundDataLength: limits.gossipFrameBytesMax,
    maxOutboundBufferSize: limits.gossipBacklogBytesMax,
    maxInboundStreams: 4,
    maxOutboundStreams: 4,
    decodeRpcLimits: {
      maxSubscriptions: 64,
      maxMessages: 256,
      maxIhaveMessageIDs: 2_000,
      maxIwantMessageIDs: 2_000,
      maxIdontwantMessageIDs: 512,
      maxControlMessages: 64,
      maxPeerInfos: 16,
    },
    scoreParams: computePeerScore(scores, options.reputationOf),
    scoreThresholds: SCORE_THRESHOLDS,
  }
}

function isRouter(router: GossipSub): router is GossipRouter {
  return (
    'streamsInbound' in router &&
    router.streamsInbound instanceof Map &&
    'streamsOutbound' in router &&
    router.streamsOutbound instanceof Map &&
    'getScore' in router &&
    typeof router.getScore === 'function' &&
    'getMeshPeers' in router &&
    typeof router.getMeshPeers === 'function'
  )
}
