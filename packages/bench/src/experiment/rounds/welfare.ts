/** What a run was worth to its seats, in units of payoff. */
export interface WelfareMetrics {
  /** Utilitarian: the sum. */
  readonly welfare: number
  /** Nash: the geometric mean; null where a payoff is negative. */
  readonly nash: number | null
  /** Rawlsian: the least. */
  readonly rawls: number
}

/** Shape   at least one seat. */
export function welfareMetrics(
  payoffs: readonly number[],
): WelfareMetrics & Readonly<Record<string, number | null>> {
  const least = Math.min(...payoffs)
  return {
    welfare: payoffs.reduce((sum, payoff) => sum + payoff, 0),
    nash: least < 0 ? null : geometricMean(payoffs),
    rawls: least,
  }
}

/** By roots, so that a product of many payoffs does not overflow. */
function geometricMean(values: readonly number[]): number {
  return values.reduce((product, value) => product * value ** (1 / values.length), 1)
}
