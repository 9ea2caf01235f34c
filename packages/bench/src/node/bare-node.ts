import { createHash } from 'node:crypto'
import { type GossipSub, gossipsub, StrictNoSign } from '@chainsafe/libp2p-gossipsub'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p, type Libp2p } from 'libp2p'

/** `getMeshPeers` is there, but not in the published interface. */
export type BareNode = Libp2p<{ gossip: GossipSub & { getMeshPeers(topic: string): string[] } }>

/** libp2p with gossipsub and no more: nothing is signed, nothing is checked. The limit that a node is measured against. */
export async function createBareNode(): Promise<BareNode> {
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    // Five nodes of one machine dial at once, which the default takes for an attack.
    connectionManager: { inboundConnectionThreshold: 50 },
    services: {
      identify: identify(),
      gossip: gossipsub({
        globalSignaturePolicy: StrictNoSign,
        msgIdFn: ({ data }) => createHash('sha256').update(data).digest(),
        allowPublishToZeroTopicPeers: true,
      }),
    },
  })
  return node as unknown as BareNode
}
