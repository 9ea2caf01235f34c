import { bootstrapMean, type Interval } from './bootstrap.ts'

/** What the runs of one cell say about one metric. */
export interface Summary {
  /** Runs that have a value; the mean is over these. */
  readonly valueCount: number
  /** Null where no run has a value. */
  readonly interval: Interval | null
}

/** Runs without a value are left out, and never taken for a zero. */
export function summarise(values: readonly (number | null)[], seed: string): Summary {
  const known = values.filter((value) => value !== null)
  const interval = known.length === 0 ? null : bootstrapMean(known, seed)
  return { valueCount: known.length, interval }
}
