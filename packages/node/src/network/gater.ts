import type { ConnectionGater, PeerId } from '@libp2p/interface'

/**
 * Turns away peers that are banned or blocked, as soon as the encrypted connection says who they are and before
 * anything else is read of them.
 *
 * Source  spec/wire.md §6 [WIRE-25]
 */
export function createGater(isDenied: (peerId: string) => boolean): ConnectionGater {
  const deny = (peerId: PeerId): boolean => isDenied(peerId.toString())
  return {
    denyDialPeer: deny,
    // Local networks live on loopback and private addresses, which some defaults refuse to dial.
    denyDialMultiaddr: () => false,
    denyInboundEncryptedConnection: deny,
    denyOutboundEncryptedConnection: deny,
  }
}
