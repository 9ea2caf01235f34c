import type { SvoClass } from '@commonweal/node/agent'
import { Random } from '../simulator/engine/random.ts'

/** The angles of each class in degrees, from the first up to the second. The outer two end well short of ±90°. */
export const SVO_RANGES: Readonly<Record<SvoClass, readonly [number, number]>> = {
  competitive: [-45, -12.04],
  individualistic: [-12.04, 22.45],
  prosocial: [22.45, 57.15],
  altruistic: [57.15, 75],
}

/**
 * Policies of a population of one class of social value orientation: angles drawn uniformly within the class, by the seed.
 *
 * Result  as many as asked for, such as `svo(-20.13)`.
 */
export function drawSvoPolicies(
  svoClass: SvoClass,
  count: number,
  seed: string,
): readonly string[] {
  const [from, to] = SVO_RANGES[svoClass].map((thetaDeg) => Math.round(thetaDeg * 100))
  const random = new Random(seed, `svo/${svoClass}`)
  return Array.from({ length: count }, () => {
    const hundredths = (from ?? 0) + random.below((to ?? 0) - (from ?? 0))
    return `svo(${hundredths / 100})`
  })
}
