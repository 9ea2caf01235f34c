import {
  type Agent,
  createAgent,
  isRingAdversary,
  type Policy,
  parsePolicy,
} from '@commonweal/node/agent'
import { type Law, present } from '@commonweal/protocol'
import { imposeLaw } from './impose-law.ts'
import { type ExperimentSeat, faultOf } from './seat-plan.ts'

/**
 * The agent of a seat: its policy, and from the adversary's round on that of the adversary.
 *
 * @param law the limit of a cap that all bargain over, or a whole law that all propose and accept; null leaves them all of theirs.
 */
export function createSeatAgent(seat: ExperimentSeat, law: string | Law | null): Agent {
  const { policy, prosociality, adversary } = seat
  const agentOf = (name: string): Agent => {
    const options = typeof law === 'string' ? { law } : {}
    return createAgent({ ...options, policy: policyOf(name), prosociality })
  }
  const plain = agentOf(policy)
  const honest = law === null || typeof law === 'string' ? plain : imposeLaw(plain, law)
  // Who breaks the protocol plays its agent's part all the same.
  if (adversary === null || faultOf(seat) !== null) return honest
  // Nobody tells an adversary what to sign.
  return turnAt(adversary.fromRound, honest, agentOf(nameOf(adversary)))
}

export function policyOf(name: string): Policy {
  const parsed = parsePolicy(name)
  return present(parsed.ok ? parsed.value : null, 'a file that was read has good policies')
}

/** Adversaries that act together know one another's seats. */
export function nameOf({ kind, ring }: Pick<Adversary, 'kind' | 'ring'>): string {
  return isRingAdversary(kind) ? `${kind}(${ring.join('+')})` : kind
}

type Adversary = NonNullable<ExperimentSeat['adversary']>

/** Plays as one agent, and from a round on as another. */
function turnAt(fromRound: number, before: Agent, after: Agent): Agent {
  const at = (round: number): Agent => (round < fromRound ? before : after)
  return {
    name: `${before.name}, from round ${fromRound} ${after.name}`,
    negotiate: (situation) => at(situation.state.round).negotiate(situation),
    act: (situation) => at(situation.state.round).act(situation),
  }
}
