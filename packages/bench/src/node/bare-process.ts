import { multiaddr } from '@multiformats/multiaddr'
import { createBareNode } from './bare-node.ts'

/** One bare libp2p node as a process: says where it listens, dials whom its parent names, says when all are connected. */
const node = await createBareNode()
node.services.gossip.subscribe('commonweal/bench')

process.on('message', (message: { readonly dial: readonly string[]; readonly peers: number }) => {
  const report = (): void => {
    if (new Set(node.getPeers().map(String)).size >= message.peers)
      process.send?.({ connected: true })
  }
  node.addEventListener('peer:connect', report)
  for (const address of message.dial) void node.dial(multiaddr(address))
  report()
})
process.on('disconnect', () => process.exit(0))
process.send?.({ addresses: node.getMultiaddrs().map(String) })
