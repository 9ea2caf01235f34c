import type { Cap } from './cap-law.ts'
import { expectNext, type Renewal } from './renewal.ts'

/**
 * Expected harvest where every seat always asks for all that the cap leaves it: the built-in selfish policy.
 *
 * Exact; only stocks that can occur are visited.
 */
export function computeTaken(renewal: Renewal, cap: Cap): number {
  const { params, seatCount } = renewal
  const known = new Map<number, number>()
  const valueAt = (round: number, stock: number): number => {
    const key = round * (params.capacity + 1) + stock
    const before = known.get(key)
    if (before !== undefined) return before
    const total = Math.min(stock, seatCount * cap(round, stock))
    const isLast = round === params.rounds
    const later = isLast
      ? 0
      : expectNext(renewal, stock - total, (next) => valueAt(round + 1, next))
    known.set(key, total + later)
    return total + later
  }
  return valueAt(1, params.capacity)
}

/** How seats that look ahead play under a cap. */
export interface CapEquilibrium {
  /** Expected harvest of all. */
  readonly welfare: number
  /** What each seat requests; the draw is known before. */
  requestAt(round: number, stock: number, draw: number): number
}

/**
 * A symmetric equilibrium of informed selfish seats that look ahead to the last round: in every round, at every stock and draw,
 * no seat gains by another request. Of several, that of the greatest welfare at each.
 *
 * Result  undefined where some state has no symmetric equilibrium in whole requests, and where, before the last round, one seat's
 *         request decides whether luck must divide the stock: that is not looked at.
 */
export function findCapEquilibrium(renewal: Renewal, cap: Cap): CapEquilibrium | undefined {
  const { params, seatCount, nextStock } = renewal
  const requests: (readonly number[])[][] = []
  let ahead: readonly number[] = Array.from({ length: params.capacity + 1 }, () => 0)
  for (let round = params.rounds; round >= 1; round--) {
    const known = ahead
    const isLast = round === params.rounds
    const worthAfter = (left: number, draw: number): number => {
      const next = nextStock[draw]?.[left] ?? null
      return next === null ? 0 : (known[next] ?? 0)
    }
    const values: number[] = []
    const chosen: (readonly number[])[] = []
    for (const stock of known.keys()) {
      const most = cap(round, stock)
      const byDraw = nextStock.map((_, draw) =>
        isLast
          ? { request: most, value: Math.min(most, stock / seatCount) }
          : findRequest({ stock, most, seatCount, worthAfter: (left) => worthAfter(left, draw) }),
      )
      const found = byDraw.filter((one) => one !== undefined)
      if (found.length < byDraw.length) return undefined
      values.push(found.reduce((sum, { value }) => sum + value, 0) / found.length)
      chosen.push(found.map(({ request }) => request))
    }
    ahead = values
    requests[round] = chosen
  }
  return {
    welfare: seatCount * (ahead[params.capacity] ?? 0),
    requestAt: (round, stock, draw) => requests[round]?.[stock]?.[draw] ?? 0,
  }
}

interface Moment {
  readonly stock: number
  readonly most: number
  readonly seatCount: number
  worthAfter(left: number): number
}

/** The common request from which no seat gains by leaving, with the greatest worth to each; undefined where there is none. */
function findRequest({
  stock,
  most,
  seatCount,
  worthAfter,
}: Moment): { readonly request: number; readonly value: number } | undefined {
  // Whatever one seat leaves, the others take.
  if ((seatCount - 1) * most >= stock) return { request: most, value: stock / seatCount }
  if (seatCount * most > stock) return undefined
  let best: { readonly request: number; readonly value: number } | undefined
  for (let request = most; request >= 0; request--) {
    const left = stock - (seatCount - 1) * request
    const worth = (own: number): number => own + worthAfter(left - own)
    const value = worth(request)
    if (best !== undefined && value <= best.value) continue
    let isBest = true
    for (let own = 0; own <= most && isBest; own++) isBest = worth(own) <= value
    if (isBest) best = { request, value }
  }
  return best
}
