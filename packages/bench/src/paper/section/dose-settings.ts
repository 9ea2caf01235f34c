import type { CellRuns } from '../run-experiment.ts'

/** Dense around the thresholds 1/3, .6, 2/3, 1.4 and 2, on both sides of each. */
export const LAMBDAS: readonly number[] = [
  0, 0.25, 0.34, 0.5, 0.59, 0.6, 0.67, 0.8, 1, 1.39, 1.4, 1.75, 2, 2.5, 3, 4, 5,
]

export interface Dose {
  readonly id: string
  readonly title: string
  /** How the plot is to be read. */
  readonly reading: string
  /** The experiment by contract condition, without its sweep over λ. */
  readonly conditions: readonly { readonly name: string; readonly file: string }[]
  /** Where theory puts a step. */
  readonly thresholds: readonly { readonly x: number; readonly label: string }[]
  /** Of {@link LAMBDAS} where it is left out. */
  readonly lambdas?: readonly number[]
  /** What is drawn: welfare as a part of the first best where it is left out. */
  readonly drawn?: {
    readonly y: string
    readonly caption: string
    readonly valuesOf: (runs: CellRuns) => readonly number[]
  }
}

const commonsDose = (regeneration: string, rest: Omit<Dose, 'conditions'>): Dose => ({
  ...rest,
  conditions: ['none', 'text', 'law'].map((contract) => ({
    name: contract,
    file: `
scenario: {kind: commons, values: equal, regeneration: {mode: ${regeneration}}}
population: [{policy: utility, count: 5}]
contract: ${contract}
`,
  })),
})

const gameFile = (game: string, clauses: string | null): string => `
scenario: {kind: game, game: ${game}, rounds: 12, matching: fixed}
population: [{policy: quantal, count: 2}]
${clauses === null ? '' : `contract: law\nlaw: {clauses: [${clauses}]}`}
`
const fine = (when: string, amount: number): string =>
  `{at: submission, when: "${when}", then: {primitive: sanction, amount: "${amount}"}}`

export const DOSES: readonly Dose[] = [
  commonsDose('deterministic', {
    id: 'dose-deterministic',
    title: 'The commons with a fixed rate',
    reading:
      'Without a contract, and with one in words, welfare steps up at λ* = .6. A law that caps requests does without prosociality: everything is observable to it.',
    thresholds: [{ x: 0.6, label: 'λ* = .6' }],
  }),
  commonsDose('iid', {
    id: 'dose-iid',
    title: 'The commons with a rate that nobody knows',
    reading:
      'Agents take the rate to be its mean of 2, so that they are steady from λ* = .6 on; the cap that they bargain for is sustainable at that rate. Each condition has draws of its own: what lies between none and text is luck, as their intervals show.',
    thresholds: [{ x: 0.6, label: 'λ* = .6' }],
  }),
  commonsDose('private-signal', {
    id: 'dose-private-signal',
    title: 'The commons with a rate that agents see and laws do not',
    reading:
      'From λ = 1/3 agents spare the stock when they see the high rate, which saves nothing: the low rate still empties it. From 1.4 on they spare it at both, and do better than under any law that they agree on: it cannot name the rate that they see. Each condition has draws of its own: what lies between none and text is luck, as their intervals show.',
    thresholds: [
      { x: 1 / 3, label: '1/3' },
      { x: 1.4, label: '1.4' },
    ],
  }),
  commonsDose('hysteresis', {
    id: 'dose-hysteresis',
    title: 'The commons with a regime that follows the harvest',
    reading:
      'Agents see the name of the regime, and while it is healthy its rate of 2 puts the step at λ* = .6. From there on they take half of the stock, 50 a round, as much as renews itself: from a mean catch of 50 on the regime breaks down by chance, and then renews less. The equal cap that selfish agents agree on leaves 60, and nothing ever breaks; agents who care bargain for a law that takes 50. Each condition has draws of its own.',
    thresholds: [
      { x: 0.6, label: 'λ* = .6' },
      { x: 1.4, label: '1.4' },
    ],
    drawn: {
      y: 'welfare, in units of the resource',
      caption:
        'welfare, in units: the first best depends on three rounds of harvests, and is not computed',
      valuesOf: (runs) => runs.valuesOf('welfare'),
    },
  }),
  {
    id: 'dose-effort',
    title: 'The game with hidden effort (12, −6, 20, 0)',
    reading:
      'Players draw from the logit quantal response at their λ with precision 20. A fine on defection leaves what effort hides; a fine on low effort, which only the control can name, does not; from λ* = 2 on nothing is needed, and what is missing to 1 is noise. Under the law λ = 0 gets what the response of precision 20 to itself gets, between the mixed equilibrium (16 of 20) and the best pure one (19). Words are not shown: in a game nobody talks, and they would bind nobody.',
    conditions: [
      { name: 'none', file: gameFile('{form: effort, base: canonical}', null) },
      {
        name: 'law on base actions',
        file: `${gameFile('{form: effort, base: canonical}', fine('base == 1', 15_000_000))}language: own-action\n`,
      },
      {
        name: 'control: law that sees effort',
        file: gameFile(
          '{form: effort, base: canonical}',
          `${fine('base == 1', 15_000_000)}, ${fine('actions[self] % 2 == 1', 3_000_000)}`,
        ),
      },
    ],
    thresholds: [{ x: 2, label: 'λ* = 2' }],
  },
  {
    id: 'dose-state',
    title: 'The game with a hidden state',
    reading:
      'Players draw from the logit quantal response at their λ with precision 20. From about λ* = 2/3 on players match the state by themselves. A fine of 3 on not acting makes all act always, and keeps prosocial players from what they would have spared. Under the control the first best is an equilibrium, but so is that nobody acts, and that is where players go who care little: a fine on acting unlike makes the best possible, not certain. Welfare is a part of what the states drawn allow, and each condition draws its own.',
    conditions: [
      { name: 'none', file: gameFile('{form: hidden-state}', null) },
      {
        name: 'law on own action',
        file: `${gameFile('{form: hidden-state}', fine('base == 0', 3_000_000))}language: own-action\n`,
      },
      {
        name: 'control: law on acting unlike',
        file: `${gameFile('{form: hidden-state}', fine('bases.exists(b, b != base)', 3_000_000))}language: base-actions\n`,
      },
    ],
    thresholds: [{ x: 2 / 3, label: 'λ* = 2/3' }],
  },
  {
    id: 'dose-forecast',
    title: 'The market of forecasts: what the forecaster passes on',
    reading:
      'No contract binds anybody here: whoever is paid passes on what it chooses. At λ = 0 that is what keeps its suppliers supplying. The forecasts themselves are the same at every λ, since a supplier that is paid at all tells what it knows; the weight moves pay, not knowledge.',
    conditions: [
      {
        name: 'none',
        file: `
scenario: {kind: forecast, market: weather, questions: 12}
population: [{policy: forecaster}]
`,
      },
    ],
    thresholds: [],
    lambdas: [0, 0.5, 1, 2, 5],
    drawn: {
      y: 'part of its pay that the forecaster passes on',
      caption: 'the part of all that is paid which the forecaster does not keep',
      valuesOf: (runs) => runs.valuesOf('share.forecaster').map((kept) => 1 - kept),
    },
  },
]
