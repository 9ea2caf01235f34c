import { Random } from '../simulator/engine/random.ts'

/** A mean and the bounds of its 95 % percentile bootstrap interval. */
export interface Interval {
  readonly mean: number
  readonly lo: number
  readonly hi: number
}

export const RESAMPLE_COUNT = 10_000

/**
 * Resamples whole runs: rounds within one are never taken as independent. The seed fixes the interval.
 *
 * Shape   at least one run; from one alone, and from runs that are all alike, the interval is the mean.
 */
export function bootstrapMean(runs: readonly number[], seed: string): Interval {
  const mean = runs.reduce((sum, run) => sum + run, 0) / runs.length
  const [first] = runs
  if (first !== undefined && runs.every((run) => run === first)) {
    return { mean: first, lo: first, hi: first }
  }
  const random = new Random(seed, 'bootstrap')
  const means = Float64Array.from({ length: RESAMPLE_COUNT }, () => {
    let sum = 0
    for (let draw = 0; draw < runs.length; draw++) sum += runs[random.below(runs.length)] ?? 0
    return sum / runs.length
  }).toSorted()
  return { mean, lo: quantile(means, 0.025), hi: quantile(means, 0.975) }
}

function quantile(sorted: Float64Array, part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}
