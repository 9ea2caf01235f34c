import type { Digest } from '../../codec/digest.ts'
import { createStream } from '../randomness.ts'

/** Least and greatest value that a seeded seat draws, in percent. [COM-2] */
export const SEEDED_VALUE_PERCENT_MIN = 50
export const SEEDED_VALUE_PERCENT_MAX = 150

/** Unequal values for a seeded run: a uniform integer percent for each seat in turn. [COM-2] */
export function seededValuesPercent(seed: Digest, seatCount: number): readonly number[] {
  const stream = createStream(seed, 'values')
  const span = SEEDED_VALUE_PERCENT_MAX - SEEDED_VALUE_PERCENT_MIN + 1
  return Array.from({ length: seatCount }, () => SEEDED_VALUE_PERCENT_MIN + stream.below(span))
}

/**
 * What each seat may take so that the stock is the same after renewal: the "universalization" hint. [COM-11]
 *
 * Formula ⌊max(0, (r − 1)·S / (n·r))⌋
 */
export function computeSustainableShare(
  stock: number,
  ratePercent: number,
  seatCount: number,
): number {
  return Math.max(0, Math.floor(((ratePercent - 100) * stock) / (seatCount * ratePercent)))
}
