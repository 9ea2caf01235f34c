import { sumBigint } from '../integer.ts'
import { invariant } from '../invariant.ts'

/**
 * Divides an amount in proportion to weights, exactly: each gets its share rounded down, and the units that are left go
 * one by one to the largest fractions, ties to the lowest index. [CTR-15]
 *
 * Shape   amount ≥ 0; weights ≥ 0, at least one above 0 unless the amount is 0.
 * Result  shares in the order of the weights; they sum to the amount.
 */
export function divide(amount: bigint, weights: readonly bigint[]): readonly bigint[] {
  const total = sumBigint(weights)
  if (amount === 0n) return weights.map(() => 0n)
  invariant(total > 0n, 'an amount is divided among somebody')

  const shares = weights.map((weight) => (amount * weight) / total)
  const left = amount - sumBigint(shares)
  const byFraction = weights
    .map((weight, index) => ({ index, fraction: (amount * weight) % total }))
    .toSorted((a, b) =>
      a.fraction === b.fraction ? a.index - b.index : a.fraction > b.fraction ? -1 : 1,
    )
  const lucky = new Set(byFraction.slice(0, Number(left)).map(({ index }) => index))
  return shares.map((share, index) => (lucky.has(index) ? share + 1n : share))
}

/** a / b rounded to the nearest integer, a half to the even one. b > 0. [CTR-11] */
export function divideHalfEven(a: bigint, b: bigint): bigint {
  const down = divideDown(a, b)
  const twice = 2n * (a - down * b)
  if (twice === b) return down % 2n === 0n ? down : down + 1n
  return twice < b ? down : down + 1n
}

/** a / b rounded down. b > 0. */
export function divideDown(a: bigint, b: bigint): bigint {
  invariant(b > 0n, 'a divisor is positive')
  const quotient = a / b
  return quotient * b > a ? quotient - 1n : quotient
}

/** a / b rounded up. b > 0. */
export function divideUp(a: bigint, b: bigint): bigint {
  return -divideDown(-a, b)
}
