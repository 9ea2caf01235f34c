import { computeSustainableShare, ok, type Result, reject } from '@commonweal/protocol'

/**
 * How much a closed-form agent requests. [AGT-8]
 *
 * `ratePercent` is r̂, what the agent takes the rate to be.
 */
export type Policy =
  | { readonly name: 'greedy' | 'fair-share' }
  | { readonly name: 'steady'; readonly ratePercent: number }
  | { readonly name: 'escapement'; readonly target: number }
  | { readonly name: 'utility'; readonly ratePercent: number }
  | { readonly name: 'hold-out' }

export const RATE_PERCENT_DEFAULT = 200

export const POLICY_FORMS =
  'greedy, fair-share, steady, steady(1.5), escapement(50), utility, utility(1.5), hold-out'

const FORM = /^([a-z-]+)(?:\(\s*(\d+(?:\.\d{1,2})?)\s*\))?$/

/** Parses a policy by name: "greedy", "steady", "steady(1.5)" for r̂ = 1.5, "escapement(50)". */
export function parsePolicy(text: string): Result<Policy, 'unknown-policy'> {
  const [, name, argument] = FORM.exec(text.trim()) ?? []
  const value = argument === undefined ? undefined : Number(argument)
  switch (name) {
    case 'greedy':
    case 'fair-share':
    case 'hold-out':
      if (value === undefined) return ok({ name })
      break
    case 'steady':
    case 'utility': {
      const ratePercent = value === undefined ? RATE_PERCENT_DEFAULT : Math.round(value * 100)
      if (ratePercent >= 100) return ok({ name, ratePercent })
      break
    }
    case 'escapement':
      if (value !== undefined && Number.isInteger(value)) return ok({ name, target: value })
      break
    default:
  }
  return reject('unknown-policy', { text, accepted: POLICY_FORMS })
}

export function formatPolicy(policy: Policy): string {
  switch (policy.name) {
    case 'greedy':
    case 'fair-share':
    case 'hold-out':
      return policy.name
    case 'escapement':
      return `escapement(${policy.target})`
    case 'steady':
    case 'utility':
      return policy.ratePercent === RATE_PERCENT_DEFAULT
        ? policy.name
        : `${policy.name}(${policy.ratePercent / 100})`
  }
}

/** Policies that depend on the stock alone; `utility` and `hold-out` come down to one of these. */
export type HarvestPolicy = Exclude<Policy, { readonly name: 'utility' | 'hold-out' }>

export const GREEDY: HarvestPolicy = { name: 'greedy' }

/** The request of a policy that depends on the stock alone. [AGT-8] */
export function computeRequest(policy: HarvestPolicy, stock: number, seatCount: number): number {
  switch (policy.name) {
    case 'greedy':
      return stock
    case 'fair-share':
      return Math.floor(stock / seatCount)
    case 'steady':
      return computeSustainableShare(stock, policy.ratePercent, seatCount)
    case 'escapement':
      return Math.max(0, Math.floor((stock - policy.target) / seatCount))
  }
}
