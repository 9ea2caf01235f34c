import type { CommonsParams } from './params.ts'
import type { CommonsRow } from './state.ts'

/**
 * What became of a commons. Names and quirks are those of the literature, so that figures can be compared. [COM-12]
 *
 * Metrics are read by people and statistics; they are floats and never reach the ledger.
 */
export interface CommonsMetrics {
  /** Survival: rounds played; the collapse round counts. */
  readonly m: number
  /** Survival rate: m / T for one run. */
  readonly q: number
  /** Gain: everything caught; transfers and sanctions are not in it. */
  readonly R: number
  /** Efficiency over the rounds *played*: 1 for a collapse in round 1. */
  readonly u: number
  /** Full-horizon efficiency: R against what the healthiest rate allows over all T rounds. */
  readonly u12: number
  /** Equality: 1 − Gini of the seats' total catches; 1 if nothing was caught. */
  readonly e: number
  /** Over-usage: the share of harvests in rounds that took more than renews itself. */
  readonly o: number
}

/** The metrics of one run from its rows. */
export function computeMetrics(
  params: CommonsParams,
  seatCount: number,
  rows: readonly CommonsRow[],
): CommonsMetrics {
  const m = rows.length
  const totals = computeTotalCatches(seatCount, rows)
  const gain = totals.reduce((sum, total) => sum + total, 0)
  let sustainable = 0
  let overused = 0
  for (const row of rows) {
    const rate = row.ratePercent / 100
    sustainable += params.capacity - params.capacity / rate
    // C > h − h/r without division: C·r > h·(r − 1)
    const isOverused = row.catchTotal * row.ratePercent > row.stockBefore * (row.ratePercent - 100)
    if (isOverused) overused += seatCount
  }
  const expected = params.rounds * computeExpectedSurplus(params)
  return {
    m,
    q: m / params.rounds,
    R: gain,
    u: sustainable === 0 ? 1 : 1 - Math.max(0, sustainable - gain) / sustainable,
    u12: expected === 0 ? 1 : gain / expected,
    e: computeEquality(totals),
    o: overused / (seatCount * Math.max(m, 1)),
  }
}

/** q over several runs of one experiment: Σ m / (runs · T). */
export function computeSurvivalRate(params: CommonsParams, survivals: readonly number[]): number {
  if (survivals.length === 0) return 0
  return survivals.reduce((sum, m) => sum + m, 0) / (survivals.length * params.rounds)
}

/** What each seat caught in all. */
export function computeTotalCatches(
  seatCount: number,
  rows: readonly CommonsRow[],
): readonly number[] {
  const totals = Array.from({ length: seatCount }, () => 0)
  for (const row of rows) {
    row.catches.forEach((got, seat) => {
      totals[seat] = (totals[seat] ?? 0) + got
    })
  }
  return totals
}

/** 1 − Gini: Gini = Σ_k (2k − n − 1)·x_(k) / (n·Σ x), x_(k) ascending, k from 1. [COM-12] */
export function computeEquality(totals: readonly number[]): number {
  const sorted = totals.toSorted((a, b) => a - b)
  const count = sorted.length
  const sum = sorted.reduce((all, total) => all + total, 0)
  if (sum === 0) return 1
  let weighted = 0
  sorted.forEach((total, index) => {
    weighted += (2 * (index + 1) - count - 1) * total
  })
  return 1 - weighted / (count * sum)
}

/** E[K − K/r] of one round; with `hysteresis`, that of the healthy regime, which prudence can keep. */
function computeExpectedSurplus(params: CommonsParams): number {
  const { regeneration, capacity } = params
  const surplus = (ratePercent: number): number => capacity - (capacity * 100) / ratePercent
  switch (regeneration.mode) {
    case 'deterministic':
      return surplus(regeneration.ratePercent)
    case 'hysteresis':
      return surplus(regeneration.healthyPercent)
    case 'iid':
    case 'private-signal': {
      const { ratesPercent } = regeneration
      return ratesPercent.reduce((sum, rate) => sum + surplus(rate), 0) / ratesPercent.length
    }
  }
}
