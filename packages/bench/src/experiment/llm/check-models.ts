import { MODEL_NAME_FORMS, parseModelName } from '@commonweal/node/agent'
import type { ConditionFault } from '../condition-fault.ts'
import type { Condition } from '../experiment.ts'
import { LLM_POLICY, nameOfModel } from './llm-settings.ts'

/** What of a condition does not fit agents that ask models. Null where all can be run. */
export function checkModels(condition: Condition): ConditionFault | null {
  for (const [index, { policy, model }] of condition.population.entries()) {
    const at = `population.${index}.model`
    const path = ['population', index, 'model']
    if (policy !== LLM_POLICY) {
      if (model === undefined) continue
      return { path, sentence: `${at}: «${model}»; accepted with policy llm alone` }
    }
    if (model === undefined) {
      const sentence = `${at}: nothing; accepted, here or in llm.model: ${MODEL_NAME_FORMS}`
      return { path: ['population', index, 'policy'], sentence }
    }
    const { llm } = condition
    if (llm === null || parseModelName(nameOfModel(model, llm)) === null) {
      return { path, sentence: `${at}: «${model}»; accepted: ${MODEL_NAME_FORMS}` }
    }
  }
  return usesModels(condition) ? checkSurroundings(condition) : null
}

/** Whether a seat of the condition asks a model. */
export function usesModels({ population }: Pick<Condition, 'population'>): boolean {
  return population.some(({ policy, count }) => policy === LLM_POLICY && count > 0)
}

function checkSurroundings({ scenario, fidelity, law }: Condition): ConditionFault | null {
  if (scenario.kind !== 'commons') {
    const sentence = `scenario.kind: ${scenario.kind}; accepted with policy llm: commons`
    return { path: ['scenario'], sentence }
  }
  if (fidelity !== 'rounds') {
    const sentence = `fidelity: ${fidelity}; accepted with policy llm: rounds`
    return { path: ['fidelity'], sentence }
  }
  if (typeof law === 'string') {
    const sentence = `law: «${law}»; a model proposes what it likes; accepted with policy llm: null, or a whole law`
    return { path: ['law'], sentence }
  }
  return null
}
