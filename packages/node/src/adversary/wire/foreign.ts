import { type Cid, cidOf, encode, type Message, type Signer, seal } from '@commonweal/protocol'

/** A network that is not this one. */
export const ELSEWHERE: Cid = cidOf(encode('elsewhere'))

/** A message as its author would sign it for another network. */
export function sealElsewhere(message: Message, signer: Signer): Uint8Array {
  return seal(message, ELSEWHERE, signer).envelope
}
