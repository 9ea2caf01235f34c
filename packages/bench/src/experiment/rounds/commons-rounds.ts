import {
  type Agent,
  type AgentOptions,
  createAgent,
  type Policy,
  parsePolicy,
} from '@commonweal/node/agent'
import { present } from '@commonweal/protocol'
import { seededBeacons } from '../../run/beacons.ts'
import { runRounds } from '../../run/rounds.ts'
import { configOfInstance } from '../../run/rounds-config.ts'
import { createCommonsNetwork } from '../network-setup.ts'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import type { CommonsScenario } from '../scenario.ts'
import { type ExperimentSeat, seatsOf } from '../seat-plan.ts'
import { concludeCommons } from './commons-result.ts'

export async function runCommonsRounds(
  plan: RunPlan,
  scenario: CommonsScenario,
): Promise<RunResult> {
  const { condition, seed } = plan
  const { instance, networkId, validators } = createCommonsNetwork(plan, scenario)
  const seats = seatsOf(condition)
  const law = typeof condition.law === 'string' ? condition.law : null
  const plans = seats.map(({ policy, prosociality }) => ({
    policy: policyOf(policy),
    prosociality,
  }))
  const config = configOfInstance(instance, plans, law)
  const beacons = seededBeacons(networkId, validators, seed)
  const agents = seats.map((seat) => createCommonsAgent(seat, law))
  return concludeCommons(config, await runRounds(config, beacons, agents))
}

/** The agent of a seat: its policy, and from the adversary's round on that of the adversary. */
export function createCommonsAgent(
  { policy, prosociality, adversary }: ExperimentSeat,
  law: string | null,
): Agent {
  const options = law === null ? {} : { law }
  const agentOf = (name: string): Agent => {
    const made: AgentOptions = { ...options, policy: policyOf(name), prosociality }
    return createAgent(made)
  }
  const honest = agentOf(policy)
  return adversary === null ? honest : turnAt(adversary.fromRound, honest, agentOf(adversary.kind))
}

/** Plays as one agent, and from a round on as another. */
function turnAt(fromRound: number, before: Agent, after: Agent): Agent {
  const at = (round: number): Agent => (round < fromRound ? before : after)
  return {
    name: `${before.name}, from round ${fromRound} ${after.name}`,
    negotiate: (situation) => at(situation.state.round).negotiate(situation),
    act: (situation) => at(situation.state.round).act(situation),
  }
}

function policyOf(name: string): Policy {
  const parsed = parsePolicy(name)
  return present(parsed.ok ? parsed.value : null, 'a file that was read has good policies')
}
