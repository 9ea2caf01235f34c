import { seededBeacons } from '../../run/beacons.ts'
import { runGameRounds as play } from '../../run/game-rounds.ts'
import type { RunModels } from '../llm/models.ts'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import { createSeatAgents, gameSettingOf, setUpGame } from '../run-setup.ts'
import type { GameScenario } from '../scenario.ts'
import { concludeGame, type GameFacts } from './game-result.ts'

export async function runGameRounds(
  plan: RunPlan,
  scenario: GameScenario,
  models: RunModels | null,
): Promise<RunResult> {
  const setting = gameSettingOf(plan, scenario, setUpGame(plan, scenario))
  return concludeGame(setting, await playGameRounds(plan, scenario, models))
}

/** Plays a game by the state machine alone. */
export async function playGameRounds(
  plan: RunPlan,
  scenario: GameScenario,
  models: RunModels | null = null,
): Promise<GameFacts> {
  const { config, seats, network } = setUpGame(plan, scenario)
  const beacons = seededBeacons(network.networkId, network.validators, plan.seed)
  return play(config, beacons, createSeatAgents(plan, { seats, network }, models))
}
