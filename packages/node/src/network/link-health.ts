import type { Connection } from '@libp2p/interface'
import type { GossipRouter } from './gossip.ts'

export interface GossipStreams {
  readonly inbound: boolean
  readonly outbound: boolean
}

const GOSSIP_PREFIX = '/meshsub/'

/**
 * Whether gossip flows from a peer and to it: gossipsub must know the stream, and a stream must be alive. Either alone
 * lies: gossipsub keeps an inbound stream that ended, and a stream outlives gossipsub's interest in it.
 */
export function findGossipStreams(
  gossip: GossipRouter,
  peerId: string,
  connections: readonly Connection[],
): GossipStreams {
  const streams = connections
    .flatMap((connection) => connection.streams)
    .filter((stream) => stream.protocol.startsWith(GOSSIP_PREFIX) && stream.status === 'open')
  return {
    inbound:
      gossip.streamsInbound.has(peerId) &&
      streams.some(
        (stream) => stream.direction === 'inbound' && stream.remoteWriteStatus === 'writable',
      ),
    outbound:
      gossip.streamsOutbound.has(peerId) &&
      streams.some(
        (stream) => stream.direction === 'outbound' && stream.writeStatus === 'writable',
      ),
  }
}
