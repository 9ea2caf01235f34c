import type { Answer } from '../agent.ts'
import { ModelFailure } from '../llm/model-failure.ts'
import type { AssistantConfig } from './assistant-config.ts'

/** Asks the assistant, and has the policy decide where it does not answer. Errors  ModelFailure, where nobody decides */
export type OrPolicy = <T>(ask: () => Answer<T>, decide: () => Answer<T>) => Promise<T>

export function createOrPolicy(fallback: AssistantConfig['fallback']): OrPolicy {
  return async (ask, decide) => {
    try {
      return await ask()
    } catch (error) {
      // A node that stops decides nothing more.
      const isMissing = error instanceof ModelFailure && error.code !== 'cancelled'
      if (!isMissing || fallback === 'pass') throw error
      return decide()
    }
  }
}
