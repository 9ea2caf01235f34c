import {
  type AgentOptions,
  isPluginPath,
  isRingAdversary,
  type Policy,
  parsePolicy,
} from '@commonweal/node/agent'
import { present } from '@commonweal/protocol'
import { LLM_POLICY } from './llm/llm-settings.ts'
import { type ExperimentSeat, nodeFaultOf } from './seat-plan.ts'

/**
 * The agent of a seat: its policy, and from the adversary's round on that of the adversary. Who breaks the protocol plays its
 * agent's part all the same.
 */
export function agentOptionsOf(seat: ExperimentSeat): Omit<AgentOptions, 'law' | 'derive'> {
  const { policy, prosociality, adversary } = seat
  const isTurned = adversary !== null && nodeFaultOf(seat) === null
  const turn = isTurned
    ? { policy: policyOf(nameOf(adversary)), fromRound: adversary.fromRound }
    : null
  return { policy: policyOf(policy), prosociality, turn }
}

/**
 * What a config says of a seat. One that asks a model, or that a file decides for, has an agent of its own, and the policy of
 * those that have none.
 */
export function policyOf(name: string): Policy {
  const parsed = parsePolicy(name === LLM_POLICY || isPluginPath(name) ? 'utility' : name)
  return present(parsed.ok ? parsed.value : null, 'a file that was read has good policies')
}

/** Adversaries that act together know one another's seats. */
export function nameOf({ kind, ring }: Pick<Adversary, 'kind' | 'ring'>): string {
  return isRingAdversary(kind) ? `${kind}(${ring.join('+')})` : kind
}

type Adversary = NonNullable<ExperimentSeat['adversary']>
