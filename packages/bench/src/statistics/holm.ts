/**
 * Holm's correction for a family of tests: below a level, the chance of any false finding is below it too.
 *
 * Formula the k-th smallest of n, from 0, times n − k; at most 1, and never below that of a smaller p.
 * Result  in the order given.
 */
export function correctByHolm(ps: readonly number[]): readonly number[] {
  const order = [...ps.keys()].toSorted((a, b) => (ps[a] ?? 0) - (ps[b] ?? 0))
  const corrected = ps.map(() => 1)
  let greatest = 0
  for (const [rank, index] of order.entries()) {
    greatest = Math.max(greatest, Math.min(1, (ps[index] ?? 1) * (ps.length - rank)))
    corrected[index] = greatest
  }
  return corrected
}
