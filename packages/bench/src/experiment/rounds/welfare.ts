import type { Metrics } from '../run-result.ts'
import type { ExperimentSeat } from '../seat-plan.ts'

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

/** Mean payoffs of those who play alike: of each entry of the population where there are several, and of the adversaries. */
export function payoffsByGroup(
  seats: readonly Pick<ExperimentSeat, 'entry' | 'adversary'>[],
  payoffs: readonly number[],
): Metrics {
  const groups = Map.groupBy(payoffs.entries(), ([seat]) => {
    const { entry = 0, adversary = null } = seats[seat] ?? {}
    return adversary === null ? `payoff.${entry}` : 'payoff.adversaries'
  })
  if (groups.size < 2) return {}
  return Object.fromEntries(
    [...groups].map(([name, members]) => [
      name,
      members.reduce((sum, [, payoff]) => sum + payoff, 0) / members.length,
    ]),
  )
}

/** By roots, so that a product of many payoffs does not overflow. */
function geometricMean(values: readonly number[]): number {
  return values.reduce((product, value) => product * value ** (1 / values.length), 1)
}
