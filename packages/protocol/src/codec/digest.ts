import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { invariant } from '../invariant.ts'

declare const digestBrand: unique symbol

/** A SHA-256 as 64 lower-case hex digits: state digests, commitments, the beacon. Text order is byte order. */
export type Digest = string & { readonly [digestBrand]: true }

const DIGEST = /^[0-9a-f]{64}$/
const HEX = /^(?:[0-9a-f]{2})*$/

/** [ENC-13] SHA-256 of the parts, one after the other. */
export function digestOf(...parts: Uint8Array[]): Digest {
  return digestOfHash(hashOf(...parts))
}

/** The digest that these 32 bytes are. */
export function digestOfHash(hash: Uint8Array): Digest {
  invariant(hash.length === 32, 'a SHA-256 has 32 bytes')
  return bytesToHex(hash) as Digest
}

/** Whether text from outside has the shape of a digest. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && DIGEST.test(text)
}

/** The 32 bytes that a digest writes out. */
export function digestBytes(digest: Digest): Uint8Array {
  return hexToBytes(digest)
}

/** SHA-256 of the parts, one after the other, as 32 bytes. */
export function hashOf(...parts: Uint8Array[]): Uint8Array {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return sha256(only)
  const hash = sha256.create()
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Bytes as lower-case hex, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  return bytesToHex(bytes)
}

/** The bytes of lower-case hex. Text from a peer is checked first: what is not hex here is our own bug. */
export function fromHex(text: string): Uint8Array {
  invariant(HEX.test(text), 'hex is pairs of the digits 0-9 and a-f')
  return hexToBytes(text)
}
