import { type AgentId, type Genesis, networkIdOf } from '@commonweal/protocol'
import type { Agent } from './agent/agent.ts'
import {
  type AssistantAgentParts,
  createAssistantAgent,
} from './agent/assistant/assistant-agent.ts'
import type { AssistantConfig } from './agent/assistant/assistant-config.ts'
import { createAgent } from './agent/create-agent.ts'
import { FORECASTER_ROLE } from './agent/forecast/weather/roles.ts'
import { createWeatherPart } from './agent/forecast/weather/weather-part.ts'
import { secretDraws } from './agent/game/draw.ts'
import { createModelAgent, type ModelAgentParts } from './agent/llm/create-model-agent.ts'
import type { ModelConfig } from './agent/llm/model-config.ts'
import type { NodeConfig } from './config.ts'
import type { ClockPort } from './ports.ts'

export interface NodeAgentParts {
  readonly id: AgentId
  readonly clock: ClockPort
  /** Ends what the agent waits for: the node stops. */
  readonly signal: AbortSignal
}

/** Part of the time for an answer that whoever is asked has; the rest is for the answer to get into a block. */
const ANSWER_PART = 0.8

/** The agent that a configuration describes. Errors  ConfigError: a model that cannot be asked. */
export function createNodeAgent(config: NodeConfig, parts: NodeAgentParts): Agent {
  const { weather, model, assistant, prosociality } = config.agent
  const nameOf = (agent: AgentId): string => nameInGenesis(config.genesis, agent)
  const isForecaster = weather?.role === FORECASTER_ROLE
  const forecasts = { agent: parts.id, suppliers: weather?.suppliers ?? [], nameOf }
  if (model !== null && isForecaster) {
    return createModelAgent(timed(model, config), { ...modelParts(config, parts), forecasts })
  }
  const part = weather && createWeatherPart(weather, parts.id, { prosociality, nameOf })
  if (assistant === null) {
    const deciding =
      model === null
        ? createPolicy(config)
        : createModelAgent(timed(model, config), modelParts(config, parts))
    return { ...deciding, ...part }
  }
  const policy = isForecaster ? part?.forecaster : undefined
  return {
    ...part,
    ...createAssistantAgent(assistant, {
      ...assistantParts(assistant, config, parts),
      ...(policy === undefined ? {} : { forecasts: { ...forecasts, policy } }),
    }),
  }
}

function createPolicy({ agent, genesis, secretKey }: NodeConfig): Agent {
  return createAgent({ ...agent, derive: secretDraws(secretKey, networkIdOf(genesis)) })
}

function assistantParts(
  assistant: AssistantConfig,
  config: NodeConfig,
  { clock, signal }: NodeAgentParts,
): AssistantAgentParts {
  const { prosociality } = config.agent
  const longestMs = longestAnswerMs(config)
  const answerMs = Math.min(assistant.answerMs ?? longestMs, longestMs)
  return { prosociality, clock, signal, answerMs, policy: createPolicy(config) }
}

function modelParts(
  { agent: { prosociality } }: NodeConfig,
  { clock, signal }: NodeAgentParts,
): ModelAgentParts {
  return { prosociality, clock, signal, environment: process.env }
}

/** A model with no more time than the network leaves for an answer. */
function timed(model: ModelConfig, config: NodeConfig): ModelConfig {
  return { ...model, turnMs: Math.min(model.turnMs, longestAnswerMs(config)) }
}

function longestAnswerMs(config: NodeConfig): number {
  return Math.floor(shortestMs(config) * ANSWER_PART)
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

/** The least of what it has for a turn and for an action, or else for a report, which must be sealed in time. */
function shortestMs(config: NodeConfig): number {
  const { epochs, consensus } = config.genesis
  const { weather } = config.agent
  const heights = weather?.role === FORECASTER_ROLE ? weather.marginHeights : epochs.sealHeightsMax
  return Math.min(computeAgentTimeout(config), heights * consensus.blockIntervalMs)
}

function nameInGenesis({ accounts }: Genesis, agent: AgentId): string {
  const found = accounts.find((account) => account.agent === agent)
  return found === undefined || found.name === '' ? agent.slice(0, 8) : found.name
}
