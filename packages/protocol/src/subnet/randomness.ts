import { fromString } from 'uint8arrays/from-string'
import { type Digest, digestBytes, hashOf } from '../codec/digest.ts'
import { invariant } from '../invariant.ts'

/** Each use of a round's randomness has a stream of its own: a draw more in one does not shift the others. [COM-3] */
export type StreamDomain = 'rationing' | 'regeneration' | 'values' | 'jury' | 'matching' | 'state'

const LABELS: Readonly<Record<StreamDomain, Uint8Array>> = {
  rationing: labelOf('rationing'),
  regeneration: labelOf('regeneration'),
  values: labelOf('values'),
  jury: labelOf('jury'),
  matching: labelOf('matching'),
  state: labelOf('state'),
}

function labelOf(domain: StreamDomain): Uint8Array {
  return fromString(`commonweal/stream/${domain}`)
}

/** Deterministic draws. A stream belongs to the one function that created it. */
export interface Stream {
  /** A uniform integer in [0, bound), 1 ≤ bound ≤ 2^32. Consumes nothing when the bound is 1. */
  below(bound: number): number
  /** The same for a bound of any size, from 1. */
  belowBigint(bound: bigint): bigint
}

/**
 * Draws from a digest by SHA-256 in counter mode. [COM-3]
 *
 * Formula block k = SHA-256(digest(32) ‖ "commonweal/stream/" ‖ domain ‖ 0x00 ‖ u32 k), k = 0, 1, …
 *         below(b) takes w bytes, big-endian, w the least with 256^w ≥ b, until they are less than the largest multiple
 *         of b that is ≤ 256^w; the draw is their remainder by b.
 */
export function createStream(digest: Digest, domain: StreamDomain): Stream {
  const label = LABELS[domain]
  const prefix = new Uint8Array(32 + label.length + 5)
  prefix.set(digestBytes(digest))
  prefix.set(label, 32)
  const counterAt = 32 + label.length + 1
  let counter = 0
  let block: Uint8Array = new Uint8Array(0)
  let offset = 0

  function nextByte(): number {
    if (offset === block.length) {
      for (let index = 0; index < 4; index++) {
        prefix[counterAt + index] = (counter >>> (24 - 8 * index)) & 0xff
      }
      block = hashOf(prefix)
      counter += 1
      offset = 0
    }
    const byte = block[offset] ?? 0
    offset += 1
    return byte
  }

  return {
    below(bound) {
      invariant(Number.isInteger(bound) && bound >= 1 && bound <= 2 ** 32, 'a bound is 1 … 2^32')
      if (bound === 1) return 0
      const width = bound <= 2 ** 8 ? 1 : bound <= 2 ** 16 ? 2 : bound <= 2 ** 24 ? 3 : 4
      const range = 256 ** width
      const limit = range - (range % bound)
      for (;;) {
        let value = 0
        for (let index = 0; index < width; index++) value = value * 256 + nextByte()
        if (value < limit) return value % bound
      }
    },
    belowBigint(bound) {
      invariant(bound >= 1n, 'a bound is at least 1')
      let width = 0
      let range = 1n
      for (; range < bound; range *= 256n) width += 1
      const limit = range - (range % bound)
      for (;;) {
        let value = 0n
        for (let index = 0; index < width; index++) value = value * 256n + BigInt(nextByte())
        if (value < limit) return value % bound
      }
    },
  }
}
