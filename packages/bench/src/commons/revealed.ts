import { computeThreshold, RATE_PERCENT_DEFAULT } from '@commonweal/node/agent'
import {
  type CommonsParams,
  type CommonsRow,
  computeSustainableShare,
  valuePercentOf,
} from '@commonweal/protocol'

/** A run of a commons, as everybody could see it. */
export interface PublicRun {
  readonly params: CommonsParams
  readonly seatCount: number
  readonly rows: readonly CommonsRow[]
  /** Rounds in which a law bound the seat: who is bound shows nothing of what it wants. */
  readonly boundRounds?: readonly number[]
}

/** What one request shows: whether the seat held back, and from which λ on it would have. */
export interface Restraint {
  readonly heldBack: boolean
  readonly threshold: number
}

/**
 * The prosocial weights that agree with what a seat did: lo ≤ λ < hi, and ∞ too where hi is ∞.
 *
 * Both ends are thresholds (or 0, or ∞), for λ shows in a commons only by which thresholds it reaches.
 */
export interface RevealedInterval {
  readonly lo: number
  readonly hi: number
  /** Requests that were evidence, and how many of them were of restraint. */
  readonly observationCount: number
  readonly heldBackCount: number
  /** Requests that the likeliest weights do not explain but as a slip. */
  readonly slipCount: number
}

/** A slip is as likely as a draw from Beta(1, 9) says: one in ten, until there is more to go by. */
const SLIP_PRIOR = { slips: 1, others: 9 }
/** Rounding of λ as people write it must not decide: [AGT-7]. */
const THRESHOLD_TOLERANCE = 1e-9
/** Half of the 95 % point of χ² with one degree: what is less likely is rejected. */
const LOG_RATIO_MAX = 1.92

/**
 * What a seat's requests show of it. The last round shows nothing, for what is left then is lost to everybody, and neither do
 * rounds in which a law bound it.
 *
 * The rate is the one that agents knew before they harvested: the announced one, that of the regime, or else `ratePercent`.
 */
export function observeRestraint(
  { params, seatCount, rows, boundRounds = [] }: PublicRun,
  seat: number,
  ratePercent: number = RATE_PERCENT_DEFAULT,
): readonly Restraint[] {
  const values = Array.from({ length: seatCount }, (_, index) => valuePercentOf(params, index))
  return rows.flatMap((row): Restraint[] => {
    const isMute = row.round === params.rounds || row.absent[seat] === true
    if (isMute || boundRounds.includes(row.round)) return []
    const rate = knownRatePercent(params, row) ?? ratePercent
    const share = computeSustainableShare(row.stockBefore, rate, seatCount)
    return [
      {
        heldBack: (row.requests[seat] ?? 0) <= share,
        threshold: computeThreshold(rate / 100, values, seat),
      },
    ]
  })
}

/**
 * The weights that observations of one seat agree with, at 95 %.
 *
 * Formula a seat of weight λ holds back iff λ ≥ threshold, but for slips, of which k of n have the likelihood
 *         B(1 + k, 9 + n − k)/B(1, 9); the interval spans all stretches between thresholds whose log likelihood is within 1.92 of the best.
 * Shape   observations of any number of runs; of none, every weight is possible.
 */
export function revealInterval(observations: readonly Restraint[]): RevealedInterval {
  const ends = observations.map(({ threshold }) => threshold).filter(Number.isFinite)
  const starts = [...new Set([0, ...ends])].toSorted((a, b) => a - b)
  const stretches = starts.map((lo, index) => {
    const slips = observations.filter(({ heldBack, threshold }) => heldBack !== lo >= threshold)
    const hi = starts[index + 1] ?? Number.POSITIVE_INFINITY
    return { lo, hi, slipCount: slips.length, score: scoreOf(slips.length, observations.length) }
  })
  const best = stretches.reduce((found, one) => (one.score > found.score ? one : found))
  const likely = stretches.filter(({ score }) => score >= best.score - LOG_RATIO_MAX)
  return {
    lo: Math.min(...likely.map(({ lo }) => lo)),
    hi: Math.max(...likely.map(({ hi }) => hi)),
    observationCount: observations.length,
    heldBackCount: observations.filter(({ heldBack }) => heldBack).length,
    slipCount: best.slipCount,
  }
}

/** Whether what a seat did contradicts the weight that it has declared. */
export function contradictsDeclared(
  { lo, hi }: Pick<RevealedInterval, 'lo' | 'hi'>,
  declaredLambda: number,
): boolean {
  if (declaredLambda < lo - THRESHOLD_TOLERANCE) return true
  return hi !== Number.POSITIVE_INFINITY && declaredLambda >= hi - THRESHOLD_TOLERANCE
}

function knownRatePercent(
  { regeneration }: CommonsParams,
  { ratePercent, regime }: CommonsRow,
): number | undefined {
  switch (regeneration.mode) {
    case 'deterministic':
      return regeneration.ratePercent
    case 'private-signal':
      return ratePercent
    case 'hysteresis':
      return regime === 'healthy' ? regeneration.healthyPercent : regeneration.degradedPercent
    case 'iid':
      return undefined
  }
}

/** ln B(a + k, b + n − k) − ln B(a, b), by the factors of the rising factorials. */
function scoreOf(slipCount: number, count: number): number {
  const { slips, others } = SLIP_PRIOR
  return (
    logRising(slips, slipCount) +
    logRising(others, count - slipCount) -
    logRising(slips + others, count)
  )
}

function logRising(from: number, count: number): number {
  let sum = 0
  for (let step = 0; step < count; step++) sum += Math.log(from + step)
  return sum
}
