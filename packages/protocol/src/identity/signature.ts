import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { fromString } from 'uint8arrays/from-string'
import type { Cid } from '../codec/cid.ts'
import { fromHex } from '../codec/digest.ts'
import { invariant } from '../invariant.ts'
import { ok, type Result, reject } from '../result.ts'
import type { AgentId } from './agent-id.ts'

/**
 * The capability to check an Ed25519 signature [ENC-14]. Total: whatever the bytes and their lengths, it answers and never
 * throws. Every implementation goes through {@link createVerify}, so that all of them give the same answers.
 */
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** The capability to act as one agent. The secret key stays inside. */
export interface Signer {
  readonly agent: AgentId
  /** The Ed25519 signature of exactly these bytes: 64 bytes, the same each time. */
  sign(message: Uint8Array): Uint8Array
  /** 32 secret bytes for a purpose, the same each time, so that a restarted node can open what it sealed. */
  derive(purpose: string): Uint8Array
}

/** [ENC-6] What is signed: `utf8("commonweal/1/" ‖ kind) ‖ 0x00 ‖ utf8(networkId) ‖ 0x00 ‖ payload`. */
export function signingBytes(kind: string, networkId: Cid, payload: Uint8Array): Uint8Array {
  invariant(!kind.includes('\0'), 'the kind of a message contains no NUL')
  const domain = fromString(`commonweal/1/${kind}\0${networkId}\0`, 'utf8')
  const bytes = new Uint8Array(domain.length + payload.length)
  bytes.set(domain)
  bytes.set(payload, domain.length)
  return bytes
}

/** [ENC-15] 32 secret bytes: the first half of HMAC-SHA-512(secretKey, utf8("commonweal/1/derive/" ‖ purpose)). */
export function deriveSecret(secretKey: Uint8Array, purpose: string): Uint8Array {
  const message = fromString(`commonweal/1/derive/${purpose}`, 'utf8')
  return hmac(sha512, secretKey, message).slice(0, 32)
}

export type StrictEncodingRefusal =
  | 'bad-signature-length'
  | 'non-canonical-scalar'
  | 'non-canonical-point'
  | 'small-order-point'

/**
 * What must hold of a key and a signature before any arithmetic.
 *
 * Shape   `A = publicKey`, `signature = R(32) ‖ S(32)`; numbers little-endian; the highest bit of a point is the sign of x.
 * Errors  'bad-signature-length': not 64 bytes · 'non-canonical-scalar': S ≥ L ·
 *         'non-canonical-point': A is not 32 bytes, or y ≥ p in A or R · 'small-order-point': 8A or 8R is the neutral element.
 *         Checked in this order, A before R; all reject.
 * Source  spec/encoding.md [ENC-14]
 */
export function checkStrictEncoding(
  publicKey: Uint8Array,
  signature: Uint8Array,
): Result<void, StrictEncodingRefusal> {
  if (signature.length !== 64) return reject('bad-signature-length', { length: signature.length })
  const scalar = signature.subarray(32)
  if (!isBelow(scalar, GROUP_ORDER, 0xff)) return reject('non-canonical-scalar')
  const points = { A: publicKey, R: signature.subarray(0, 32) }
  for (const [name, point] of Object.entries(points)) {
    const isCanonical = point.length === 32 && isBelow(point, FIELD_ORDER, 0x7f)
    if (!isCanonical) return reject('non-canonical-point', { point: name })
  }
  for (const [name, point] of Object.entries(points)) {
    if (hasSmallOrder(point)) return reject('small-order-point', { point: name })
  }
  return ok(undefined)
}

/** A raw verifier behind the strict checks. `raw` decides `encode([S]B − [k]A) = R` and nothing else. */
export function createVerify(raw: Verify): Verify {
  return (publicKey, message, signature) =>
    checkStrictEncoding(publicKey, signature).ok && raw(publicKey, message, signature)
}

/** L = 2²⁵² + 27742317777372353535851937790883648493, the order of the base point, little-endian. */
const GROUP_ORDER = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010')

/** p = 2²⁵⁵ − 19, little-endian. */
const FIELD_ORDER = fromHex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')

/** The y of every point whose order divides 8: 1 (order 1), −1 (2), 0 (4) and the two of order 8. */
const SMALL_ORDER_Y = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
].map((hex) => fromHex(hex))

/** Whether 32 bytes, the last one masked, are a number below `bound`. */
function isBelow(bytes: Uint8Array, bound: Uint8Array, topMask: number): boolean {
  for (let index = 31; index >= 0; index--) {
    const byte = (bytes[index] ?? 0) & (index === 31 ? topMask : 0xff)
    const limit = bound[index] ?? 0
    if (byte !== limit) return byte < limit
  }
  return false
}

/** Either sign of x, so that an x of zero with its sign bit set, which stands for no point, is refused as well. */
function hasSmallOrder(point: Uint8Array): boolean {
  return SMALL_ORDER_Y.some((y) =>
    y.every((byte, index) => ((point[index] ?? 0) & (index === 31 ? 0x7f : 0xff)) === byte),
  )
}
