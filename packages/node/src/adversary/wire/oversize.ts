import { type Cid, type Signer, seal } from '@commonweal/protocol'

const KIB = 1024

/** Just above the limits of a message of its kind, of a gossiped message, and of a frame on a lasting stream. [WIRE-10] [WIRE-16] */
export const TALK_BYTES_ABOVE: number = 6 * KIB
export const GOSSIP_BYTES_ABOVE: number = 128 * KIB + 1
export const FRAME_BYTES_ABOVE: number = 1_024 * KIB + 1

/** Free talk in a conversation that nobody opened, with a text of so many bytes: well signed, whatever its size. */
export function sealTalk(networkId: Cid, signer: Signer, size: number, sequence = 0): Uint8Array {
  const { agent: author } = signer
  const text = 'x'.repeat(size)
  const said = { kind: 'inform', author, conversation: networkId, sequence, text } as const
  return seal(said, networkId, signer).envelope
}
