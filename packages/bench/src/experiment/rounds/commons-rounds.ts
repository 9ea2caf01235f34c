import { seededBeacons } from '../../run/beacons.ts'
import { runRounds } from '../../run/rounds.ts'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import { createSeatAgents, type Deciders, NOBODY, setUpCommons } from '../run-setup.ts'
import type { CommonsScenario } from '../scenario.ts'
import { type CommonsFacts, concludeCommons } from './commons-result.ts'

export async function runCommonsRounds(
  plan: RunPlan,
  scenario: CommonsScenario,
  deciders: Deciders,
): Promise<RunResult> {
  const { config, seats } = setUpCommons(plan, scenario)
  return concludeCommons(config, seats, await playCommonsRounds(plan, scenario, deciders))
}

/** Plays a commons by the state machine alone. */
export async function playCommonsRounds(
  plan: RunPlan,
  scenario: CommonsScenario,
  deciders: Deciders = NOBODY,
): Promise<CommonsFacts> {
  const { config, seats, network } = setUpCommons(plan, scenario)
  const beacons = seededBeacons(network.networkId, network.validators, plan.seed)
  return runRounds(config, beacons, createSeatAgents(plan, { seats, network }, deciders))
}
