import { sha256 } from '@noble/hashes/sha2.js'
import { base32 } from 'multiformats/bases/base32'

declare const cidBrand: unique symbol

/**
 * A CIDv1 (dag-cbor, sha2-256) in base32: `bafyrei…`, 59 characters. The id of what it was computed from.
 *
 * `version(0x01) ‖ codec dag-cbor(0x71) ‖ hash sha2-256(0x12) ‖ size(0x20) ‖ sha256(32)`
 */
export type Cid = string & { readonly [cidBrand]: true }

const CID_PREFIX = Uint8Array.of(0x01, 0x71, 0x12, 0x20)

/** The eighth character holds the last two bits of the prefix, the last one two bits of padding. */
const CID = /^bafyrei[a-h][a-z2-7]{50}[aeimquy4]$/

/** [ENC-12] The id of an encoded value. */
export function cidOf(encoded: Uint8Array): Cid {
  const bytes = new Uint8Array(CID_PREFIX.length + 32)
  bytes.set(CID_PREFIX)
  bytes.set(sha256(encoded), CID_PREFIX.length)
  return base32.encode(bytes) as Cid
}

/** [ENC-12] Whether text from outside is a CID of the one form that this protocol uses. */
export function isCid(text: unknown): text is Cid {
  return typeof text === 'string' && CID.test(text)
}
