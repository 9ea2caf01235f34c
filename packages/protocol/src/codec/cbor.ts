import { invariant } from '../invariant.ts'
import { ok, type Result, reject } from '../result.ts'
import { type CborFault, CborReader } from './cbor-reader.ts'
import { CborWriter } from './cbor-writer.ts'

/** Arrays and maps inside one another, the outermost counted as 1. */
export const DEPTH_MAX = 16

export type DecodeRefusal = 'too-large' | CborFault

/**
 * A value as canonical DAG-CBOR.
 *
 * Shape   null, booleans, integers (`number` when safe, else `bigint`) from −2⁶⁴ to 2⁶⁴−1, well-formed text, `Uint8Array`,
 *         arrays, plain objects; at most {@link DEPTH_MAX} arrays and objects inside one another.
 * Result  bytes of their own; equal values give equal bytes.
 * Errors  none: a value outside the shape is our own bug and throws `InvariantError`.
 * Source  spec/encoding.md [ENC-1] [ENC-2] [ENC-3]
 */
export function encode(value: unknown): Uint8Array {
  const writer = new CborWriter(DEPTH_MAX)
  writer.value(value, 0)
  return writer.finish()
}

/**
 * The value of canonical DAG-CBOR bytes. Accepts exactly the bytes that {@link encode} can produce, and never throws.
 *
 * Shape   any bytes; `sizeMax` in bytes, inclusive.
 * Result  integers are `number` when safe and `bigint` otherwise; byte strings are copies.
 * Errors  'too-large' · 'too-deep' · 'malformed' · 'non-canonical', all reject.
 * Cost    O(size) time and space, whatever lengths the bytes declare.
 * Source  spec/encoding.md [ENC-1] … [ENC-4]
 */
export function decode(bytes: Uint8Array, sizeMax: number): Result<unknown, DecodeRefusal> {
  invariant(Number.isSafeInteger(sizeMax) && sizeMax >= 0, 'a size limit is a count of bytes')
  if (bytes.length > sizeMax) return reject('too-large', { size: bytes.length, sizeMax })
  const reader = new CborReader(bytes, DEPTH_MAX)
  const value = reader.whole()
  if (reader.fault !== undefined) return reject(reader.fault, { offset: reader.offset })
  return ok(value)
}
