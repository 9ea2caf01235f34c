import type { AdmittedPeer } from './admission.ts'
import { preferConnection } from './admission.ts'
import type { GossipRouter } from './gossip.ts'
import { findGossipStreams } from './link-health.ts'
import type { PeerView, TopicName } from './port.ts'

export interface PeerViewOptions {
  readonly selfId: string
  readonly gossip: GossipRouter
  readonly topics: ReadonlyMap<string, TopicName>
  readonly reputation: number
}

/** What an operator may see of a peer. */
export function computePeerView(peer: AdmittedPeer, options: PeerViewOptions): PeerView {
  const { selfId, gossip, topics, reputation } = options
  const { peerId, hello, connections } = peer
  const connection = preferConnection(selfId, connections)
  const streams = findGossipStreams(gossip, peerId, connections)
  const namesOf = (idsOn: (topic: string) => readonly { toString(): string }[]): TopicName[] =>
    [...topics]
      .filter(([topic]) => idsOn(topic).some((id) => id.toString() === peerId))
      .map(([, name]) => name)
  return {
    peerId,
    address: connection?.remoteAddr.toString() ?? '',
    direction: connection?.direction ?? 'inbound',
    score: gossip.getScore(peerId),
    reputation,
    topics: namesOf((topic) => gossip.getSubscribers(topic)),
    mesh: namesOf((topic) => gossip.getMeshPeers(topic)),
    gossipInbound: streams.inbound,
    gossipOutbound: streams.outbound,
    connectionCount: connections.length,
    hello,
  }
}
