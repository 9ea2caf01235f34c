import type { Condition } from '../experiment/experiment.ts'
import { parseExperiment } from '../experiment/parse-experiment.ts'
import { planRuns, type RunPlan } from '../experiment/run-plan.ts'

export type FidelityName = Condition['fidelity']

/** A setting that every fidelity can play, as an experiment file. */
export interface MatrixEntry {
  readonly name: string
  readonly text: string
}

export const FIDELITY_NAMES: readonly FidelityName[] = ['rounds', 'sim', 'net']

const MIXED = `population:
  - { policy: utility, count: 2 }
  - { policy: utility, prosociality: 0.6 }
  - { policy: utility, prosociality: 1 }
  - { policy: utility, prosociality: 3 }
`

const commons = (fields: string): string => `scenario: { values: seeded, ${fields} }\n${MIXED}`
const weather = (fields: string): string =>
  `scenario: { kind: forecast, market: weather, ${fields} }\n`
const game = (fields: string, agents: string): string =>
  `scenario: { kind: game, rounds: 6, ${fields} }\npopulation: [{ policy: quantal, ${agents} }]\n`

/** Every scenario and contract condition that a network plays: with no fault, all fidelities must come to the same. */
export const FIDELITY_MATRIX: readonly MatrixEntry[] = [
  ...(['none', 'text', 'law'] as const).flatMap((contract) =>
    ([0, 1] as const).map((delay) => ({
      name: `commons, contract ${contract}, delay ${delay}`,
      text: `${commons('regeneration: deterministic')}contract: ${contract}\ncontractDelay: ${delay}\n`,
    })),
  ),
  ...(['iid', 'private-signal', 'hysteresis'] as const).map((regeneration) => ({
    name: `commons, ${regeneration}, bargained law`,
    text: `${commons(`rounds: 8, regeneration: ${regeneration}`)}contract: law\n`,
  })),
  {
    name: 'commons, agreements of signers',
    text: `${commons('rounds: 8, binding: signers')}contract: law\n`,
  },
  {
    name: 'commons, a cap that all bargain over, and a defector',
    text: `${commons('rounds: 12')}contract: law\nlaw: stock / 10\nadversaries: [{ kind: defector, count: 1 }]\n`,
  },
  {
    name: 'commons, a defector from round 3 on',
    text: `${commons('rounds: 6')}contract: law\nadversaries: [{ kind: defector, count: 1, fromRound: 3 }]\n`,
  },
  {
    name: 'commons, a fine',
    text: `population: [{ policy: fair-share, count: 5 }]
contract: law
law: { clauses: [{ at: submission, when: "requests[self] > 10", then: { primitive: sanction, amount: "100000" } }] }
`,
  },
  ...(['none', 'text', 'law'] as const).map((contract) => ({
    name: `hidden effort, contract ${contract}`,
    text: `${game('game: { form: effort }', 'count: 4, prosociality: 0.5')}contract: ${contract}\n`,
  })),
  {
    name: 'hidden state, no contract',
    text: game('game: { form: hidden-state }', 'count: 3, prosociality: 0.7'),
  },
  {
    name: 'hidden state, a fine on what does not match',
    text: `${game('game: { form: hidden-state }', 'count: 3')}contract: law
law: { clauses: [{ at: settlement, when: "base != state", then: { primitive: sanction, amount: "30000000" } }] }
`,
  },
  ...[0, 1].map((weight) => ({
    name: `forecast, weather, λ = ${weight}`,
    text: `${weather('questions: 3')}population: [{ policy: forecaster, prosociality: ${weight} }]\n`,
  })),
  {
    name: 'forecast, weather, a short chain',
    text: weather('chain: short, questions: 3'),
  },
  {
    name: 'forecast, weather, everybody served',
    text: weather('chain: short, questions: 2, servesAll: true'),
  },
]

/** The runs of an entry at a fidelity, one for each seed. */
export function plansOf(
  { name, text }: Pick<MatrixEntry, 'name' | 'text'>,
  fidelity: FidelityName,
  seeds: readonly string[],
): readonly RunPlan[] {
  const file = `${text}fidelity: ${fidelity}\nseeds: ${JSON.stringify(seeds)}\n`
  return planRuns(parseExperiment(file, name))
}
