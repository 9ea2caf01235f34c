import { Random } from '../simulator/engine/random.ts'
import { RESAMPLE_COUNT } from './bootstrap.ts'

/** What one seed gave under two conditions. */
export interface Pair {
  readonly a: number
  readonly b: number
}

/**
 * Paired permutation test of a difference in means, two-sided, stratified by seed: which of the two conditions gave which figure
 * is drawn anew within each seed and never across seeds.
 *
 * Formula p = (1 + #{|mean of d·s| ≥ |mean of d|}) / (1 + 10 000), s = ±1 for each seed; the 1 is the data as they are, so that
 *         no p is 0.
 * Shape   at least one pair.
 */
export function testPairs(pairs: readonly Pair[], seed: string): number {
  const differences = pairs.map(({ a, b }) => a - b)
  const observed = Math.abs(sumOf(differences))
  // Sums of the same figures in another order may differ in the last bits.
  const least = observed - 1e-12 * sumOf(differences.map(Math.abs))
  const random = new Random(seed, 'permutation')
  let asExtreme = 0
  for (let draw = 0; draw < RESAMPLE_COUNT; draw++) {
    let sum = 0
    for (const difference of differences) sum += random.below(2) === 0 ? difference : -difference
    if (Math.abs(sum) >= least) asExtreme += 1
  }
  return (1 + asExtreme) / (1 + RESAMPLE_COUNT)
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
