import { findEndpoint, parseModelName } from '@commonweal/node/agent'
import { present } from '@commonweal/protocol'
import type { Experiment } from '../experiment/experiment.ts'
import { ExperimentError } from '../experiment/experiment-error.ts'
import { usesModels } from '../experiment/llm/check-models.ts'
import {
  LLM_POLICY,
  type LlmSettings,
  nameOfModel,
  priceOf,
} from '../experiment/llm/llm-settings.ts'
import type { RunPlan } from '../experiment/run-plan.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** A model that an experiment asks, and what is known of what it costs. */
export interface AskedModel {
  /** As the file names it. */
  readonly model: string
  /** What it needs in the environment; null where all is there. */
  readonly missing: string | null
  /** `free`: on this machine · `given`: by the settings · `told`: by its server, with each reply · `unknown` */
  readonly price: 'free' | 'given' | 'told' | 'unknown'
}

/** The models of runs, each once; none where a cassette answers alone. */
export function askedModels(
  { cassette }: Pick<Experiment, 'cassette'>,
  plans: readonly RunPlan[],
  environment: Environment,
): readonly AskedModel[] {
  if (cassette?.mode === 'replay-only') return []
  const found = new Map<string, AskedModel>()
  for (const { condition } of plans) {
    const { llm, population } = condition
    if (llm === null || !usesModels(condition)) continue
    for (const { policy, model, count } of population) {
      if (policy !== LLM_POLICY || model === undefined || count === 0) continue
      const asked = describe(model, llm, environment)
      found.set(JSON.stringify(asked), asked)
    }
  }
  return [...found.values()]
}

function describe(model: string, settings: LlmSettings, environment: Environment): AskedModel {
  const name = present(parseModelName(nameOfModel(model, settings)), 'a file has good models')
  const endpoint = findEndpoint(name, environment)
  const isGiven = priceOf(model, settings) !== null
  if ('missing' in endpoint) {
    return { model, missing: endpoint.missing, price: isGiven ? 'given' : 'unknown' }
  }
  if (isGiven) return { model, missing: null, price: 'given' }
  if (endpoint.preset === 'openrouter') return { model, missing: null, price: 'told' }
  return { model, missing: null, price: endpoint.isFree ? 'free' : 'unknown' }
}

/**
 * Looks whether each model can be asked, before anything starts.
 *
 * Errors  ExperimentError: a key or a server that is missing; a limit of cost where nobody knows what a call costs.
 */
export function checkModelAccess(
  experiment: Experiment,
  plans: readonly RunPlan[],
  environment: Environment,
): void {
  for (const { model, missing, price } of askedModels(experiment, plans, environment)) {
    if (missing !== null) {
      const sentence = `the model ${model} needs ${missing} in the environment`
      throw new ExperimentError(experiment.name, null, sentence)
    }
    if (experiment.maxCost !== null && price === 'unknown') {
      const sentence = `a limit of cost needs a price for ${model}: dollars for a million tokens read and written, such as 0.25/2`
      throw new ExperimentError(experiment.name, null, sentence)
    }
  }
}
