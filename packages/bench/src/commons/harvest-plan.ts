import { expectNext, type Renewal } from './renewal.ts'

/** The best expected total harvest of a run, and how it is reached. */
export interface HarvestPlan {
  readonly value: number
  /** The total to harvest in a round at a stock when the draw is this; the draw makes no difference to who is not informed. */
  totalAt(round: number, stock: number, draw: number): number
}

export interface PlanOptions {
  /** Whether the rate of the round is known before the harvest. */
  readonly isInformed: boolean
  /** The totals that may be harvested. */
  totals(round: number, stock: number): readonly number[]
}

/**
 * The plan of greatest expected harvest, by dynamic programming from the last round.
 *
 * Result  exact where the rates are two: values are whole numbers over powers of two. Of equal totals, the first listed.
 * Cost    rounds · stocks · totals · draws.
 */
export function planHarvest(renewal: Renewal, { isInformed, totals }: PlanOptions): HarvestPlan {
  const { params, nextStock } = renewal
  const plan: (readonly number[])[][] = []
  let ahead: readonly number[] = Array.from({ length: params.capacity + 1 }, () => 0)
  for (let round = params.rounds; round >= 1; round--) {
    const isLast = round === params.rounds
    const known = ahead
    const valueAt = (stock: number): number => known[stock] ?? 0
    const worth = (stock: number, total: number, draw: number): number => {
      const next = isLast ? null : (nextStock[draw]?.[stock - total] ?? null)
      return total + (next === null ? 0 : valueAt(next))
    }
    const meanWorth = (stock: number, total: number): number =>
      total + (isLast ? 0 : expectNext(renewal, stock - total, valueAt))

    const choices = known.map((_, stock) => {
      const listed = totals(round, stock)
      if (!isInformed) {
        const best = bestOf(listed, (total) => meanWorth(stock, total))
        return nextStock.map(() => best)
      }
      return nextStock.map((_rate, draw) => bestOf(listed, (total) => worth(stock, total, draw)))
    })
    ahead = choices.map((byDraw, stock) => {
      const sum = byDraw.reduce((all, total, draw) => all + worth(stock, total, draw), 0)
      return sum / byDraw.length
    })
    plan[round] = choices
  }
  return {
    value: ahead[params.capacity] ?? 0,
    totalAt: (round, stock, draw) => plan[round]?.[stock]?.[draw] ?? 0,
  }
}

/** Any whole number up to the stock: shares may differ by one. */
export function anyTotal(_round: number, stock: number): readonly number[] {
  return Array.from({ length: stock + 1 }, (_, total) => total)
}

/** What equal whole requests come to: k each; the last of them asks for more than is there, and gets all. */
export function equalTotals(seatCount: number) {
  return (_round: number, stock: number): readonly number[] => {
    const shares = Array.from({ length: Math.ceil(stock / seatCount) + 1 }, (_, share) => share)
    return shares.map((share) => Math.min(stock, share * seatCount))
  }
}

function bestOf(totals: readonly number[], worth: (total: number) => number): number {
  let best = { total: 0, value: Number.NEGATIVE_INFINITY }
  for (const total of totals) {
    const value = worth(total)
    if (value > best.value) best = { total, value }
  }
  return best.total
}
