import { ok, type Result, reject } from '@commonweal/protocol'

/**
 * How much an agent counts the welfare of all, itself included, besides its own payoff: V_i = u_i + λ·W.
 *
 * λ is 0 … ∞. The same weight as α = λ/(1 + λ), the weight of each other agent, and as θ = atan α, the angle of social
 * value orientation in degrees. [AGT-6]
 */
export interface Prosociality {
  readonly lambda: number
  readonly alpha: number
  readonly thetaDeg: number
}

/** The classes of social value orientation, by θ. */
export type SvoClass = 'competitive' | 'individualistic' | 'prosocial' | 'altruistic'

export const SVO_INDIVIDUALISTIC_MIN_DEG: number = -12.04
export const SVO_PROSOCIAL_MIN_DEG = 22.45
export const SVO_ALTRUISTIC_MIN_DEG = 57.15

export type ProsocialityCode = 'malformed-prosociality' | 'prosociality-out-of-range'

/** Errors  'prosociality-out-of-range' for a λ below 0. */
export function prosocialityOfLambda(lambda: number): Result<Prosociality, ProsocialityCode> {
  if (!(lambda >= 0)) return reject('prosociality-out-of-range', { lambda })
  return ok(describe(lambda, alphaOfLambda(lambda)))
}

/** Errors  'prosociality-out-of-range' for an α outside [0, 1]. */
export function prosocialityOfAlpha(alpha: number): Result<Prosociality, ProsocialityCode> {
  if (!(alpha >= 0 && alpha <= 1)) return reject('prosociality-out-of-range', { alpha })
  return ok(describe(lambdaOfAlpha(alpha), alpha))
}

/** Errors  'prosociality-out-of-range' for a θ outside [0°, 45°]. */
export function prosocialityOfTheta(thetaDeg: number): Result<Prosociality, ProsocialityCode> {
  if (!(thetaDeg >= 0 && thetaDeg <= 45)) {
    return reject('prosociality-out-of-range', { thetaDeg })
  }
  if (thetaDeg === 45) return ok(describe(Number.POSITIVE_INFINITY, 1))
  const alpha = Math.tan((thetaDeg * Math.PI) / 180)
  return ok(describe(lambdaOfAlpha(alpha), alpha))
}

const FORM =
  /^(?:(lambda|λ|alpha|α|theta|θ)\s*=\s*)?(\d+(?:\.\d*)?|\.\d+|inf|infinity|∞)\s*(deg|°)?$/i

/**
 * Parses what a person writes: "0.6", "lambda=1", "alpha=.5", "theta=26.57deg"; a bare number is λ; "inf" is ∞.
 *
 * Errors  'malformed-prosociality' · 'prosociality-out-of-range'
 */
export function parseProsociality(text: string): Result<Prosociality, ProsocialityCode> {
  const match = FORM.exec(text.trim())
  const [, name = 'lambda', digits, degrees] = match ?? []
  if (digits === undefined) return reject('malformed-prosociality', { text })
  const value = /^[\d.]/.test(digits) ? Number(digits) : Number.POSITIVE_INFINITY
  const scale = name.toLowerCase()
  if (scale === 'theta' || scale === 'θ') return prosocialityOfTheta(value)
  if (degrees !== undefined) return reject('malformed-prosociality', { text })
  if (scale === 'alpha' || scale === 'α') return prosocialityOfAlpha(value)
  return prosocialityOfLambda(value)
}

/** λ = α/(1 − α). */
export function lambdaOfAlpha(alpha: number): number {
  return alpha === 1 ? Number.POSITIVE_INFINITY : alpha / (1 - alpha)
}

/** α = λ/(1 + λ). */
export function alphaOfLambda(lambda: number): number {
  return lambda === Number.POSITIVE_INFINITY ? 1 : lambda / (1 + lambda)
}

export function svoClassOf(thetaDeg: number): SvoClass {
  if (thetaDeg < SVO_INDIVIDUALISTIC_MIN_DEG) return 'competitive'
  if (thetaDeg < SVO_PROSOCIAL_MIN_DEG) return 'individualistic'
  return thetaDeg < SVO_ALTRUISTIC_MIN_DEG ? 'prosocial' : 'altruistic'
}

/**
 * (u + λW)/(1 + λ) = (1 − α)·u + α·W: V_i on a scale that stays finite at λ = ∞ and orders outcomes as V_i does. [AGT-6]
 */
export function weigh(prosociality: Prosociality, own: number, welfare: number): number {
  return (1 - prosociality.alpha) * own + prosociality.alpha * welfare
}

/**
 * λ* from which an agent leaves a unit in the water: one taken brings it v_i now, one left brings r shared by n.
 *
 * Formula the least λ with r(v_i/n + λ·v̄) ≥ (1 + λ)·v_i; (n − r)/(n(r − 1)) where the values are equal. [AGT-7]
 * Result  0 … ∞; ∞ where no weight suffices.
 */
export function computeThreshold(rate: number, values: readonly number[], seat: number): number {
  const count = values.length
  const own = values[seat] ?? 1
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const missing = own * (1 - rate / count)
  if (missing <= 0) return 0
  const gained = rate * mean - own
  return gained > 0 ? missing / gained : Number.POSITIVE_INFINITY
}

/** Rounding of λ as people write it must not decide on which side of its own threshold an agent falls. */
const THRESHOLD_TOLERANCE = 1e-9

/** Whether the agent's weight is at least its threshold. [AGT-7] */
export function isProsocialEnough(
  prosociality: Prosociality,
  rate: number,
  values: readonly number[],
  seat: number,
): boolean {
  return prosociality.lambda >= computeThreshold(rate, values, seat) - THRESHOLD_TOLERANCE
}

function describe(lambda: number, alpha: number): Prosociality {
  return { lambda, alpha, thetaDeg: (Math.atan(alpha) * 180) / Math.PI }
}
