import { hash } from 'node:crypto'
import { networkIdOf } from '@commonweal/protocol'
import type { NodeConfig } from '../../config.ts'
import { createHost } from '../../network/host.ts'
import type { Companions } from '../../node-parts.ts'
import type { StorePort } from '../../ports.ts'
import { serveSync } from '../../sync/responder.ts'
import { CLAIMED_HEIGHT, createStaleAnswer } from './answers.ts'

/** As many peers as a newcomer asks about the chain at most. */
export const SYBIL_COUNT = 8

/**
 * Peers with names of their own that belong to one node: they claim to be far ahead, show an old chain to whoever asks, and pass
 * nothing on.
 *
 * @param lastEpoch the last epoch that they show.
 */
export async function startSybils(
  { genesis, secretKey }: NodeConfig,
  store: StorePort,
  lastEpoch: number,
): Promise<Companions> {
  const hosts = await Promise.all(
    Array.from({ length: SYBIL_COUNT }, async (_, index) => {
      const host = await createHost({
        secretKey: hash('sha256', Uint8Array.of(...secretKey, index), 'buffer'),
        networkId: networkIdOf(genesis),
        name: genesis.name,
        height: () => CLAIMED_HEIGHT,
      })
      serveSync(host, store, createStaleAnswer(lastEpoch))
      return host
    }),
  )
  return {
    addresses: () => hosts.flatMap((host) => host.addresses().slice(0, 1)),
    async stop() {
      await Promise.all(hosts.map((host) => host.stop()))
    },
  }
}
