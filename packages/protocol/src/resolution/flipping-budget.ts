import { compareBigint, minBigint, sumBigint } from '../integer.ts'
import { invariant } from '../invariant.ts'
import { atRiskMicro, JURY_ROUND_COUNT_MAX } from './jury-settle.ts'
import { decidingCountMin } from './jury-tally.ts'

/**
 * The most that a question may be worth to somebody, so that making up for what the jurors risk who flip it costs more.
 *
 * Any round may be the last: a jury that decides is not asked again. So it is the round in which the least is at risk. Of its
 * jury no more may open their verdicts than must, no more of them agree than must, and those may be the ones with the
 * smallest stakes.
 *
 * Shape   stakes of everybody who may be drawn, none negative; sizes of the juries by round.
 * Units   micro-tokens.
 * Formula min over the rounds r whose jury n_r can be filled of Σ at risk in r of the k_r smallest stakes,
 *         k = ⌈.65 · ⌈2n/3⌉⌉; 0 where no jury can be filled.
 * Result  a bound on what must be promised to jurors who do not trust the briber to win. Who is believed pays nothing.
 * Cost    O(n log n).
 * Source  spec/resolution.md [RES-11] · vectors/resolution.json
 */
export function flippingBudgetMicro(
  stakesMicro: readonly bigint[],
  sizes: readonly number[],
): bigint {
  invariant(sizes.length >= 1 && sizes.length <= JURY_ROUND_COUNT_MAX, 'there are rounds')
  // The smallest first; who has no stake is never drawn.
  const stakes = stakesMicro.filter((micro) => micro > 0n).toSorted(compareBigint)
  const budgets = sizes.flatMap((size, index) => {
    if (stakes.length < size) return []
    const fewest = stakes.slice(0, decidingCountMin(size))
    return [sumBigint(fewest.map((micro) => atRiskMicro(micro, index + 1)))]
  })
  const [first, ...rest] = budgets
  return first === undefined ? 0n : rest.reduce(minBigint, first)
}
