import type { Interval } from '../../statistics/bootstrap.ts'

/** What a person asks of `npm run bench:forecast`. */
export interface SectionOptions {
  readonly seed: string
  readonly worldCount: number
  /** A folder of public data sets; null where none is given. */
  readonly dataFolder: string | null
}

/** One part of the benchmark: its figures, and the same for people. */
export interface Measured {
  readonly figures: unknown
  readonly lines: readonly string[]
}

/** Null where it needs what was not given. */
export type Section = (options: SectionOptions) => Measured | null | Promise<Measured>

export function written({ mean, lo, hi }: Interval): string {
  return `${signed(mean)} [${signed(lo)}, ${signed(hi)}]`
}

/** Three digits after the point; what would be lost in them as a power of ten, so that rounding does not look like nothing. */
export function signed(value: number): string {
  const size = Math.abs(value)
  const digits = size > 0 && size < 0.0005 ? writtenSmall(size) : size.toFixed(3)
  return `${value < 0 ? '−' : '+'}${digits}`
}

function writtenSmall(size: number): string {
  return size.toExponential(1).replace('-', '−')
}
