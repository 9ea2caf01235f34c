import type { Prosociality, SvoClass } from '../prosocial.ts'

/** One angle of each class of social value orientation, well inside it. */
export const idealThetas: Readonly<Record<SvoClass, number>> = {
  competitive: -20,
  individualistic: 0,
  prosocial: 40,
  altruistic: 62,
}

/**
 * The weight of any angle, also of who wants others to have less, or counts them for more than itself: V_i = u_i + α·Σ of the
 * others, α = tan θ.
 *
 * What people may declare runs from 0° to 45°; this is for adversaries and for populations of a benchmark. λ = α/(1 − α) is
 * negative below 0°, and stays ∞ above 45°, where α goes on.
 *
 * Shape  −90 < thetaDeg < 90
 */
export function preferenceOfTheta(thetaDeg: number): Prosociality {
  const alpha = Math.tan((thetaDeg * Math.PI) / 180)
  const lambda = thetaDeg >= 45 ? Number.POSITIVE_INFINITY : alpha / (1 - alpha)
  return { lambda, alpha, thetaDeg }
}
