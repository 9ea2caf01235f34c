import { createHoldOut } from './adversary/hold-out.ts'
import type { Agent } from './agent.ts'
import type { Prosociality } from './prosocial.ts'
import { createClosedFormAgent } from './utility/closed-form.ts'
import type { Policy } from './utility/policy.ts'

export interface AgentOptions {
  readonly policy: Policy
  readonly prosociality: Prosociality
  /** The one law that the agent bargains over, as the limit of a cap: "stock / 10". */
  readonly law?: string
}

/** The built-in agent of a policy. */
export function createAgent({ policy, ...options }: AgentOptions): Agent {
  return policy.name === 'hold-out'
    ? createHoldOut()
    : createClosedFormAgent({ ...options, policy })
}
