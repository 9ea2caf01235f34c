import type { Prosociality } from '../prosocial.ts'

/**
 * What an agent cares about, in words and as a number: the rate at which it gives its own units for those of others.
 *
 * From V = u + λ·W: a unit of its own is worth 1 + λ to it, a unit of the others together λ, so one of theirs is worth
 * α = λ/(1 + λ) of one of its own. [AGT-6]
 */
export function describeWeight({ lambda, alpha }: Prosociality): string {
  const rate = formatRate(alpha)
  const scale = `Your weight on the others is ${rate} (λ = ${formatLambda(lambda)}): 0 is to count only your own units, 1 to count everybody's alike.`
  if (alpha === 0) {
    return `${scale} You want as many units for yourself as you can get over the whole run. What the others get matters to you only as far as it comes back to you.`
  }
  if (alpha === 1) {
    return `${scale} You want the seats together to get as much as they can over the whole run. Who of you gets it, you or another, makes no difference to you.`
  }
  const least = formatRate(1 / alpha)
  return `${scale} One unit that another seat gets is worth ${rate} of a unit of your own to you. So you give up one unit of your own exactly where it brings the other seats together more than ${least} units, now or later, and not where it brings them less. You want the sum, over the whole run, of your own units and ${rate} times those of the others to be as large as it can be.`
}

function formatRate(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function formatLambda(lambda: number): string {
  return lambda === Number.POSITIVE_INFINITY ? 'infinite' : formatRate(lambda)
}
