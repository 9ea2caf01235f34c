import { type Agent, createAgent, isPluginPath, secretDraws } from '@commonweal/node/agent'
import { present, secretKeyOf } from '@commonweal/protocol'
import {
  configOfInstance,
  fundsOf,
  type GameConfig,
  gameConfigOfInstance,
  type InstanceConfig,
  type RoundsConfig,
  type SeatPlan,
} from '../run/rounds-config.ts'
import { LLM_POLICY } from './llm/llm-settings.ts'
import type { RunModels } from './llm/models.ts'
import { createCommonsNetwork, createGameNetwork, type RunNetwork } from './network-setup.ts'
import type { OwnAgents } from './own/own-agents.ts'
import type { GameSetting } from './rounds/game-result.ts'
import { gameParamsOf } from './rounds/game-setup.ts'
import type { RunPlan } from './run-plan.ts'
import type { CommonsScenario, GameScenario } from './scenario.ts'
import { agentOptionsOf, policyOf } from './seat-agent.ts'
import { type ExperimentSeat, seatsOf } from './seat-plan.ts'

/** What a run of a subnet starts from, the same at every fidelity. */
export interface RunSetup<Config> {
  readonly network: RunNetwork
  readonly seats: readonly ExperimentSeat[]
  readonly config: Config
}

export function setUpCommons(plan: RunPlan, scenario: CommonsScenario): RunSetup<RoundsConfig> {
  const { law } = plan.condition
  const network = createCommonsNetwork(plan, scenario)
  const seats = seatsOf(plan.condition)
  const limit = typeof law === 'string' ? law : null
  const config = configOfInstance(network.instance, plansOf(seats), limit)
  return { network, seats, config: { ...config, ...termsOf(network) } }
}

export function setUpGame(plan: RunPlan, scenario: GameScenario): RunSetup<GameConfig> {
  const network = createGameNetwork(plan, scenario)
  const seats = seatsOf(plan.condition)
  const config = gameConfigOfInstance(network.instance, plansOf(seats))
  return { network, seats, config: { ...config, ...termsOf(network) } }
}

/** What the result of a game is made with. */
export function gameSettingOf(
  { condition }: RunPlan,
  scenario: GameScenario,
  { config, seats }: RunSetup<GameConfig>,
): GameSetting {
  const { scale } = gameParamsOf(scenario, condition.language)
  return { params: config.params, scale, seats, scenario, contract: condition.contract }
}

/** Under `members` a contract binds every seat, and on a network whom one binds opens no talk. [EPO-3] */
function termsOf({
  genesis,
  instance,
}: RunNetwork): Pick<InstanceConfig, 'renegotiates' | 'fundsMicro'> {
  return { renegotiates: instance.binding === 'signers', fundsMicro: fundsOf(genesis, instance) }
}

/** Who decides where no policy does; null where nobody of the kind does. */
export interface Deciders {
  readonly models: RunModels | null
  readonly own: OwnAgents | null
}

export const NOBODY: Deciders = { models: null, own: null }

/** An agent for each seat, with the draws of its node. */
export function createSeatAgents(
  { condition, seed }: RunPlan,
  { seats, network }: Pick<RunSetup<unknown>, 'seats' | 'network'>,
  { models, own }: Deciders = NOBODY,
): readonly Agent[] {
  const { law } = condition
  return seats.map((seat, index) => {
    const derive = secretDraws(secretKeyOf(seed, index), network.networkId)
    const options = { ...agentOptionsOf(seat), law, derive }
    if (isPluginPath(seat.policy)) {
      const agent = present(network.instance.seats[index], 'every seat has an agent')
      const loaded = present(own, 'files are loaded where a run has them')
      return loaded.createAgent(seat.policy, agent, options)
    }
    if (seat.policy !== LLM_POLICY) return createAgent(options)
    const decider = present(models, 'seats ask models where a run has them').createAgent(seat)
    return createAgent({ ...options, decider })
  })
}

function plansOf(seats: readonly ExperimentSeat[]): readonly SeatPlan[] {
  return seats.map(({ policy, prosociality }) => ({ policy: policyOf(policy), prosociality }))
}
