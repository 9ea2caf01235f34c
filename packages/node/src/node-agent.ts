import { type AgentId, type Genesis, networkIdOf, present } from '@commonweal/protocol'
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
import { createMandate } from './agent/llm/mandate.ts'
import type { ModelConfig } from './agent/llm/model-config.ts'
import type { Plugin } from './agent/plugin/plugin.ts'
import { createPluginAgent } from './agent/plugin/plugin-agent.ts'
import { createPluginForecaster } from './agent/plugin/plugin-forecaster.ts'
import { PluginWatch } from './agent/plugin/plugin-watch.ts'
import type { NodeConfig } from './config.ts'
import { inTime } from './in-time.ts'
import type { ClockPort, LogPort } from './ports.ts'

export interface NodeAgentParts {
  readonly id: AgentId
  readonly clock: ClockPort
  /** Ends what the agent waits for: the node stops. */
  readonly signal: AbortSignal
  readonly log: LogPort
  /** The operator's own module, where the configuration names one. */
  readonly plugin: Plugin | null
}

/** Part of the time for an answer that whoever is asked has; the rest is for the answer to get into a block. */
const ANSWER_PART = 0.8

/** The agent that a configuration describes. Errors  ConfigError: a model that cannot be asked, a module that makes no agent. */
export function createNodeAgent(config: NodeConfig, parts: NodeAgentParts): Agent {
  const { weather, model, assistant, prosociality } = config.agent
  if (parts.plugin !== null) return createPluggedAgent(config, { ...parts, plugin: parts.plugin })
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

/** The agent of a module, with the policy behind it. */
function createPluggedAgent(
  config: NodeConfig,
  parts: NodeAgentParts & { readonly plugin: Plugin },
): Agent {
  const { id, plugin } = parts
  const { weather, prosociality } = config.agent
  const derive = secretDraws(config.secretKey, networkIdOf(config.genesis))
  const mandate = config.agent.plugin?.mandate ?? null
  const given = {
    agent: id,
    prosociality,
    derive,
    mandate: mandate === null ? null : createMandate(mandate),
  }
  const watch = createWatch(config, parts)
  const usage = (): ReturnType<PluginWatch['usage']> => watch.usage()
  const nameOf = (agent: AgentId): string => nameInGenesis(config.genesis, agent)
  const createPart = (): ReturnType<typeof createWeatherPart> | null =>
    weather && createWeatherPart(weather, id, { prosociality, nameOf })
  if (weather?.role !== FORECASTER_ROLE) {
    const seated = { ...given, createPolicy: () => createPolicy(config) }
    const decider = createPluginAgent(plugin, watch, seated)
    return { ...createAgent({ ...config.agent, derive, decider }), ...createPart(), usage }
  }
  const forecaster = createPluginForecaster(plugin, watch, {
    ...given,
    suppliers: weather.suppliers,
    nameOf,
    createPolicy: () => present(createPart()?.forecaster, 'a forecaster forecasts'),
  })
  return { ...createPolicy(config), name: forecaster.name, usage, forecaster }
}

/** Tells of each fault in the log. The module has as long as a model has. */
function createWatch(
  config: NodeConfig,
  { clock, log, plugin: { name } }: Pick<NodeAgentParts, 'clock' | 'log'> & { plugin: Plugin },
): PluginWatch {
  const answerMs = longestAnswerMs(config)
  return new PluginWatch({
    name,
    wait: (answer) => inTime(clock, answerMs, () => answer),
    onFault: (question, fault) => {
      const facts = { plugin: name, question, code: fault.code, err: fault }
      log.warn(facts, 'the plug-in failed, and the policy decides')
    },
  })
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
