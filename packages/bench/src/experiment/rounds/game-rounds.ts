import { seededBeacons } from '../../run/beacons.ts'
import { runGameRounds as play } from '../../run/game-rounds.ts'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import { createSeatAgents, type Deciders, gameSettingOf, NOBODY, setUpGame } from '../run-setup.ts'
import type { GameScenario } from '../scenario.ts'
import { concludeGame, type GameFacts } from './game-result.ts'

export async function runGameRounds(
  plan: RunPlan,
  scenario: GameScenario,
  deciders: Deciders,
): Promise<RunResult> {
  const setting = gameSettingOf(plan, scenario, setUpGame(plan, scenario))
  return concludeGame(setting, await playGameRounds(plan, scenario, deciders))
}

/** Plays a game by the state machine alone. */
export async function playGameRounds(
  plan: RunPlan,
  scenario: GameScenario,
  deciders: Deciders = NOBODY,
): Promise<GameFacts> {
  const { config, seats, network } = setUpGame(plan, scenario)
  const beacons = seededBeacons(network.networkId, network.validators, plan.seed)
  return play(config, beacons, createSeatAgents(plan, { seats, network }, deciders))
}
