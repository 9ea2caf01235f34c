import { invariant } from '@commonweal/protocol'

/** Bounds of a weight in a pool: 0 leaves a signal out, above 1 the pool says more than the signal does. [CRD-1] */
export const POOL_WEIGHT_MAX = 2

/** One signal in a pool: a probability above 0 for each outcome, and how much it counts. */
export interface PoolPart {
  readonly probabilities: readonly number[]
  readonly weight: number
}

/** A reference and the signals that move it. */
export interface LogPool {
  readonly reference: readonly number[]
  readonly parts: readonly PoolPart[]
}

/** A reference r moved by z: p ∝ r·exp(z). */
export interface Moved {
  readonly probabilities: readonly number[]
  /** ln Σ r(k)·exp(z(k)): what ln p(k) − ln r(k) lacks of z(k). */
  readonly logSum: number
}

/**
 * The weighted logarithmic pool of signals.
 *
 * Shape   as many probabilities, all above 0, in each part as in the reference; weights 0 … POOL_WEIGHT_MAX.
 * Formula p ∝ r·exp(Σ_j w_j·d_j), d_j = ln p_j − ln r
 * Result  probabilities with the sum 1; the reference where there are no parts.
 * Source  spec/credit.md [CRD-1]
 */
export function computePool(pool: LogPool): readonly number[] {
  return move(pool.reference, computeShift(pool)).probabilities
}

/** ln p(x) − ln r(x): what the pool gains over its reference when x came true, in nats. [CRD-1] */
export function computeGain(pool: LogPool, outcome: number): number {
  const shift = computeShift(pool)
  return (shift[outcome] ?? 0) - move(pool.reference, shift).logSum
}

/** d = ln p − ln r of one signal, by outcome. */
export function computeLogRatios(
  probabilities: readonly number[],
  reference: readonly number[],
): readonly number[] {
  invariant(probabilities.length === reference.length, 'a signal speaks of all outcomes')
  return probabilities.map((probability, k) => Math.log(probability / (reference[k] ?? 1)))
}

/** E_p[d] of one signal's log ratios. */
export function meanOf(ratios: readonly number[], probabilities: readonly number[]): number {
  return ratios.reduce((sum, ratio, k) => sum + ratio * (probabilities[k] ?? 0), 0)
}

/** Cov_p(d_i, d_j) of signals, by their log ratios. */
export function computeCovariances(
  ratios: readonly (readonly number[])[],
  probabilities: readonly number[],
): readonly (readonly number[])[] {
  const centred = ratios.map((own) => {
    const mean = meanOf(own, probabilities)
    return own.map((ratio) => ratio - mean)
  })
  return centred.map((one) =>
    centred.map((other) =>
      one.reduce((sum, ratio, k) => sum + ratio * (other[k] ?? 0) * (probabilities[k] ?? 0), 0),
    ),
  )
}

/** z = Σ_j w_j·d_j, by outcome. */
export function computeShift({ reference, parts }: LogPool): readonly number[] {
  const shift = reference.map(() => 0)
  for (const { probabilities, weight } of parts) {
    for (const [k, ratio] of computeLogRatios(probabilities, reference).entries()) {
      shift[k] = (shift[k] ?? 0) + weight * ratio
    }
  }
  return shift
}

/** p ∝ r·exp(scale·z), for any z that is finite. */
export function move(reference: readonly number[], shift: readonly number[], scale = 1): Moved {
  // Without the greatest exponent a strong pool would overflow.
  const greatest = Math.max(...shift) * scale
  const masses = reference.map((mass, k) => mass * Math.exp(scale * (shift[k] ?? 0) - greatest))
  const sum = masses.reduce((total, mass) => total + mass, 0)
  return {
    probabilities: masses.map((mass) => mass / sum),
    logSum: greatest + Math.log(sum),
  }
}
