import type { Experiment } from '../../experiment/experiment.ts'
import { parseExperiment } from '../../experiment/parse-experiment.ts'
import { SEAT_COUNT } from '../play-commons.ts'

/** What fixes the grid of language models, and what its answers are recorded with. */
export interface GridOptions {
  readonly models: readonly string[]
  readonly seedCount: number
  /** λ of prosocial agents; that of the others is 0. */
  readonly prosociality: number
  /** Dollars for a million tokens read and written, "0.25/2", by model. */
  readonly prices: Readonly<Record<string, string>>
}

/** What varies, as the tables of its folder name it. */
export const AXES = {
  model: 'llm.model',
  regeneration: 'scenario.regeneration',
  contract: 'contract',
  count: 'population',
} as const

/**
 * The experiment of the paper: p of five agents are prosocial, with each contract and each kind of renewal. A contract is for
 * the round after the one in which it is negotiated, and no mandate stands between a model and what it signs, as published.
 */
export function createGrid({ models, seedCount, prosociality, prices }: GridOptions): Experiment {
  const agents = (count: number, weight: number): object => {
    return { policy: 'llm', count, prosociality: weight }
  }
  const populations = Array.from({ length: SEAT_COUNT + 1 }, (_, count) => ({
    label: `p${count}`,
    value: [agents(count, prosociality), agents(SEAT_COUNT - count, 0)],
  }))
  const file = {
    name: 'language-models',
    description: 'The published grid of language models in the commons',
    scenario: { kind: 'commons', values: 'equal' },
    contractDelay: 1,
    llm: { isGuarded: false, price: Object.keys(prices).length === 0 ? null : prices },
    seeds: seedCount,
    sweep: {
      [AXES.model]: models,
      [AXES.regeneration]: ['deterministic', 'iid'],
      [AXES.contract]: ['none', 'text', 'law'],
      [AXES.count]: populations,
    },
  }
  return parseExperiment(JSON.stringify(file), 'the grid of language models')
}
