import type { AgentId } from '@commonweal/protocol'
import type { Agent } from '../agent.ts'
import type { Prosociality } from '../prosocial.ts'
import type { SupplierNames } from './forecast/forecast-words.ts'
import { createModelForecaster } from './forecast/model-forecaster.ts'
import { createLanguageModel, type LanguageModelParts } from './language-model.ts'
import { createLlmAgent } from './llm-agent.ts'
import { createMandate } from './mandate.ts'
import type { ModelConfig } from './model-config.ts'

export interface ModelAgentParts extends LanguageModelParts {
  readonly prosociality: Prosociality
  /** Its part in a forecasting market; without one it has none. */
  readonly forecasts?: SupplierNames & {
    /** The agent's own id. */
    readonly agent: AgentId
  }
}

/** The agent of a configuration with a model. Errors  ConfigError */
export function createModelAgent(config: ModelConfig, parts: ModelAgentParts): Agent {
  const { memoryTokensMax, showsHorizon, creditEvery } = config
  const { prosociality, forecasts } = parts
  const model = createLanguageModel(config, parts)
  const mandate = config.mandate === null ? null : createMandate(config.mandate)
  const deciding = { model, mandate, prosociality, memoryTokensMax }
  return {
    ...createLlmAgent({ ...deciding, showsHorizon }),
    ...(forecasts === undefined
      ? {}
      : { forecaster: createModelForecaster({ ...deciding, ...forecasts, creditEvery }) }),
  }
}
