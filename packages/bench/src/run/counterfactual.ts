import { computeThreshold, RATE_PERCENT_DEFAULT } from '@commonweal/node/agent'
import { type Regeneration, valuePercentOf } from '@commonweal/protocol'
import type { RoundsConfig } from './rounds-config.ts'

/** What the same agents on the same commons would have done without a contract. */
export function withoutContract(config: RoundsConfig): RoundsConfig {
  return { ...config, contract: 'none', law: null }
}

/** The rate at which leaving a unit pays least, among those that an agent may be shown before it harvests. */
function lowestRatePercent(regeneration: Regeneration): number {
  return regeneration.mode === 'private-signal'
    ? Math.min(...regeneration.ratesPercent)
    : RATE_PERCENT_DEFAULT
}

/** The same commons without a contract, if every agent weighed the others just enough: at its λ*. [AGT-7] */
export function withEveryoneProsocial(config: RoundsConfig): RoundsConfig {
  const values = config.seats.map((_, seat) => valuePercentOf(config.params, seat))
  const rate = lowestRatePercent(config.params.regeneration) / 100
  const seats = config.seats.map(({ agent }, seat) => {
    const lambda = computeThreshold(rate, values, seat)
    const alpha = lambda === Number.POSITIVE_INFINITY ? 1 : lambda / (1 + lambda)
    const thetaDeg = (Math.atan(alpha) * 180) / Math.PI
    const policy = { name: 'utility', ratePercent: RATE_PERCENT_DEFAULT } as const
    return { agent, policy, prosociality: { lambda, alpha, thetaDeg } }
  })
  return { ...withoutContract(config), seats }
}
