import { seededBeacons } from '../../run/beacons.ts'
import { runGameRounds as play } from '../../run/game-rounds.ts'
import { fundsOf, gameConfigOfInstance } from '../../run/rounds-config.ts'
import { createGameNetwork } from '../network-setup.ts'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import type { GameScenario } from '../scenario.ts'
import { createSeatAgent, policyOf } from '../seat-agent.ts'
import { seatsOf } from '../seat-plan.ts'
import { concludeGame } from './game-result.ts'
import { gameParamsOf } from './game-setup.ts'

export async function runGameRounds(plan: RunPlan, scenario: GameScenario): Promise<RunResult> {
  const { condition, seed } = plan
  const { genesis, instance, networkId, validators } = createGameNetwork(plan, scenario)
  const seats = seatsOf(condition)
  const plans = seats.map(({ policy, prosociality }) => ({
    policy: policyOf(policy),
    prosociality,
  }))
  const config = {
    ...gameConfigOfInstance(instance, plans),
    fundsMicro: fundsOf(genesis, instance),
  }
  const beacons = seededBeacons(networkId, validators, seed)
  const agents = seats.map((seat) => createSeatAgent(seat, condition.law))
  const { scale } = gameParamsOf(scenario, condition.language)
  const setting = { params: config.params, scale, seats, scenario, contract: condition.contract }
  return concludeGame(setting, await play(config, beacons, agents))
}
