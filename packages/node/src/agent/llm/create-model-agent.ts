import type { Agent } from '../agent.ts'
import type { Prosociality } from '../prosocial.ts'
import { createLanguageModel, type LanguageModelParts } from './language-model.ts'
import { createLlmAgent } from './llm-agent.ts'
import { createMandate } from './mandate.ts'
import type { ModelConfig } from './model-config.ts'

/** The agent of a configuration with a model. Errors  ConfigError */
export function createModelAgent(
  config: ModelConfig,
  parts: LanguageModelParts & { readonly prosociality: Prosociality },
): Agent {
  const { mandate, memoryTokensMax, showsHorizon } = config
  return createLlmAgent({
    model: createLanguageModel(config, parts),
    mandate: mandate === null ? null : createMandate(mandate),
    prosociality: parts.prosociality,
    memoryTokensMax,
    showsHorizon,
  })
}
