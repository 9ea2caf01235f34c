import { type AgentId, type Genesis, networkIdOf } from '@commonweal/protocol'
import type { Agent } from './agent/agent.ts'
import { createAgent } from './agent/create-agent.ts'
import { createWeatherPart } from './agent/forecast/weather/weather-part.ts'
import { secretDraws } from './agent/game/draw.ts'
import { createModelAgent } from './agent/llm/create-model-agent.ts'
import type { NodeConfig } from './config.ts'
import type { ClockPort } from './ports.ts'

export interface NodeAgentParts {
  readonly id: AgentId
  readonly clock: ClockPort
  /** Ends what the agent waits for: the node stops. */
  readonly signal: AbortSignal
}

/** Part of the time for an answer that a model has; the rest is for the answer to get into a block. */
const MODEL_PART = 0.8

/** The agent that a configuration describes. Errors  ConfigError: a model that cannot be asked. */
export function createNodeAgent(config: NodeConfig, parts: NodeAgentParts): Agent {
  const { weather, model, ...closedForm } = config.agent
  const { prosociality } = closedForm
  const deciding =
    model === null
      ? createAgent({
          ...closedForm,
          derive: secretDraws(config.secretKey, networkIdOf(config.genesis)),
        })
      : createModelAgent(
          { ...model, turnMs: Math.min(model.turnMs, Math.floor(shortestMs(config) * MODEL_PART)) },
          {
            prosociality,
            clock: parts.clock,
            signal: parts.signal,
            environment: process.env,
          },
        )
  return {
    ...deciding,
    ...(weather === null
      ? {}
      : createWeatherPart(weather, parts.id, {
          prosociality,
          nameOf: (agent) => nameInGenesis(config.genesis, agent),
        })),
  }
}

/** How long an agent may think about one question at most, in ms. */
export function computeAgentTimeout({
  agent,
  genesis,
}: Pick<NodeConfig, 'genesis'> & {
  readonly agent: Pick<NodeConfig['agent'], 'timeoutMs'>
}): number {
  return agent.timeoutMs ?? genesis.turnHeightsMax * genesis.consensus.blockIntervalMs
}

/** The least of what it has for a turn and for an action, which must be sealed in time. */
function shortestMs(config: NodeConfig): number {
  const { epochs, consensus } = config.genesis
  return Math.min(computeAgentTimeout(config), epochs.sealHeightsMax * consensus.blockIntervalMs)
}

function nameInGenesis({ accounts }: Genesis, agent: AgentId): string {
  const found = accounts.find((account) => account.agent === agent)
  return found === undefined || found.name === '' ? agent.slice(0, 8) : found.name
}
