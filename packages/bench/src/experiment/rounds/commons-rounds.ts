import { seededBeacons } from '../../run/beacons.ts'
import { runRounds } from '../../run/rounds.ts'
import { configOfInstance, fundsOf } from '../../run/rounds-config.ts'
import { createCommonsNetwork } from '../network-setup.ts'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import type { CommonsScenario } from '../scenario.ts'
import { createSeatAgent, policyOf } from '../seat-agent.ts'
import { seatsOf } from '../seat-plan.ts'
import { concludeCommons } from './commons-result.ts'

export async function runCommonsRounds(
  plan: RunPlan,
  scenario: CommonsScenario,
): Promise<RunResult> {
  const { condition, seed } = plan
  const { genesis, instance, networkId, validators } = createCommonsNetwork(plan, scenario)
  const seats = seatsOf(condition)
  const plans = seats.map(({ policy, prosociality }) => ({
    policy: policyOf(policy),
    prosociality,
  }))
  const { law } = condition
  const config = {
    ...configOfInstance(instance, plans, typeof law === 'string' ? law : null),
    fundsMicro: fundsOf(genesis, instance),
  }
  const beacons = seededBeacons(networkId, validators, seed)
  const agents = seats.map((seat) => createSeatAgent(seat, law))
  return concludeCommons(config, seats, await runRounds(config, beacons, agents))
}
