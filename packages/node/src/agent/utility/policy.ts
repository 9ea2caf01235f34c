import { computeSustainableShare, ok, type Result, reject } from '@commonweal/protocol'
import {
  ADVERSARY_FORMS,
  type AdversaryPolicy,
  formatAdversary,
  parseAdversary,
} from '../adversary/policy.ts'

/**
 * How a closed-form agent plays. [AGT-8]
 *
 * A policy for games plays a commons as `utility` does, and one for a commons plays a game as `quantal` does.
 */
export type Policy = HarvestPolicy | UtilityPolicy | GamePolicy | AlwaysPolicy | AdversaryPolicy

/** Policies that depend on the stock alone; `utility` comes down to one of these. */
export type HarvestPolicy =
  | { readonly name: 'greedy' | 'fair-share' }
  | { readonly name: 'steady'; readonly ratePercent: number }
  | { readonly name: 'escapement'; readonly target: number }

/** `ratePercent` is r̂, what the agent takes the rate to be. */
export interface UtilityPolicy {
  readonly name: 'utility'
  readonly ratePercent: number
}

/** `quantal`: the likeliest action of the quantal response at the agent's λ. `best-reply`: to what others have played. [AGT-14] */
export type GamePolicy =
  | { readonly name: 'quantal'; readonly beta: number }
  | { readonly name: 'best-reply' }

/** One action in every round: an index, or a name such as `CH` in a game. */
export interface AlwaysPolicy {
  readonly name: 'always'
  readonly action: string
}

export const RATE_PERCENT_DEFAULT = 200
/** Precision of a quantal response. */
const BETA_DEFAULT = 20

export const POLICY_FORMS =
  'greedy, fair-share, steady, steady(1.5), escapement(50), utility, utility(1.5), quantal, quantal(5), best-reply, always:CH, always:10'

const FORM = /^([a-z-]+)(?:\(\s*(\d+(?:\.\d{1,2})?)\s*\))?$/
const ALWAYS_FORM = /^always:([A-Z]{1,2}|\d{1,9})$/

/** Parses a policy by name: "greedy", "steady", "steady(1.5)" for r̂ = 1.5, "escapement(50)", "always:CH", "free-rider". */
export function parsePolicy(text: string): Result<Policy, 'unknown-policy'> {
  const known = parseAdversary(text.trim()) ?? parseAlways(text.trim()) ?? parseNamed(text.trim())
  return known === null
    ? reject('unknown-policy', { text, accepted: `${POLICY_FORMS}, ${ADVERSARY_FORMS}` })
    : ok(known)
}

function parseAlways(text: string): AlwaysPolicy | null {
  const [, action] = ALWAYS_FORM.exec(text) ?? []
  return action === undefined ? null : { name: 'always', action }
}

function parseNamed(text: string): Policy | null {
  const [, name, argument] = FORM.exec(text) ?? []
  const value = argument === undefined ? undefined : Number(argument)
  switch (name) {
    case 'greedy':
    case 'fair-share':
    case 'best-reply':
      return value === undefined ? { name } : null
    case 'steady':
    case 'utility': {
      const ratePercent = value === undefined ? RATE_PERCENT_DEFAULT : Math.round(value * 100)
      return ratePercent >= 100 ? { name, ratePercent } : null
    }
    case 'escapement':
      return value !== undefined && Number.isInteger(value) ? { name, target: value } : null
    case 'quantal':
      return value === 0 ? null : { name, beta: value ?? BETA_DEFAULT }
    default:
      return null
  }
}

export function formatPolicy(policy: Policy): string {
  switch (policy.name) {
    case 'greedy':
    case 'fair-share':
    case 'best-reply':
      return policy.name
    case 'escapement':
      return `escapement(${policy.target})`
    case 'quantal':
      return policy.beta === BETA_DEFAULT ? policy.name : `quantal(${policy.beta})`
    case 'always':
      return `always:${policy.action}`
    case 'steady':
    case 'utility':
      return policy.ratePercent === RATE_PERCENT_DEFAULT
        ? policy.name
        : `${policy.name}(${policy.ratePercent / 100})`
    default:
      return formatAdversary(policy)
  }
}

export const GREEDY: HarvestPolicy = { name: 'greedy' }
export const UTILITY: UtilityPolicy = { name: 'utility', ratePercent: RATE_PERCENT_DEFAULT }
export const QUANTAL: GamePolicy = { name: 'quantal', beta: BETA_DEFAULT }

/** Whether a policy depends on the stock alone. */
export function isHarvestPolicy(policy: Policy): policy is HarvestPolicy {
  const { name } = policy
  return name === 'greedy' || name === 'fair-share' || name === 'steady' || name === 'escapement'
}

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
