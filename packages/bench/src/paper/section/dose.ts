import { present } from '@commonweal/protocol'
import { drawLines, type LineSeries } from '../../report/plot/line-plot.ts'
import type { Figure } from '../../report/report.ts'
import { bootstrapMean, type Interval } from '../../statistics/bootstrap.ts'
import { type CellRuns, runExperiment } from '../run-experiment.ts'
import type { PaperSection } from '../section.ts'
import { judge, type VerdictRow } from '../verdict-row.ts'

const NAME = 'dose'

/** Dense around the thresholds 1/3, .6, 2/3, 1.4 and 2, on both sides of each. */
const LAMBDAS = [0, 0.25, 0.34, 0.5, 0.59, 0.6, 0.67, 0.8, 1, 1.39, 1.4, 1.75, 2, 2.5, 3, 4, 5]

interface Dose {
  readonly id: string
  readonly title: string
  /** How the plot is to be read. */
  readonly reading: string
  /** The experiment by contract condition, without its sweep over λ. */
  readonly conditions: readonly { readonly name: string; readonly file: string }[]
  /** Where theory puts a step. */
  readonly thresholds: readonly { readonly x: number; readonly label: string }[]
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

const DOSES: readonly Dose[] = [
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
  {
    id: 'dose-effort',
    title: 'The game with hidden effort (12, −6, 20, 0)',
    reading:
      'Players draw from the logit quantal response at their λ with precision 20. A fine on defection leaves what effort hides; a fine on low effort, which only the control can name, does not; from about λ* = 2 on nothing is needed. Words are not shown: in a game nobody talks, and they would bind nobody.',
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
      'Players draw from the logit quantal response at their λ with precision 20. From about λ* = 2/3 on players match the state by themselves. A fine of 3 on not acting makes all act always, and keeps prosocial players from what they would have spared, until their weight is so large that they rather pay it. Under the control the first best is an equilibrium, but so is that nobody acts, and that is where players go who care little: a fine on acting unlike makes the best possible, not certain. Welfare is a part of what the states drawn allow, and each condition draws its own.',
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
]

/** Welfare against the weight of everybody, in each scenario and contract condition. */
export const doseSection: PaperSection = {
  name: NAME,
  title: 'Welfare against prosocial weight',
  text: [
    'Everybody has the same weight λ, from 0 to 5; ten seeds for each point, by the state machine alone. Shown is welfare as a part of the first best, which knows what agents know: it harvests the rest of the stock in the last round, so agents that keep the commons to its end reach 600 of 650. Vertical lines are where theory puts a step.',
    'Closed-form agents do not read: a contract in words changes nothing for them. What words do to language models is another question.',
  ],
  partCount: DOSES.length,
  partSeconds: 60,
  async measure(_options, part) {
    const dose = present(DOSES[part], 'there is a part for every dose')
    const series: DoseSeries[] = []
    for (const { name, file } of dose.conditions) {
      const swept = `${file}sweep: {population.0.prosociality: [${LAMBDAS.join(', ')}]}\n`
      const cells = await runExperiment(swept, `${dose.id}/${name}`)
      series.push({ name, points: cells.map(toPoint) })
    }
    return { rows: STEPS[dose.id]?.(series) ?? [], figures: [doseFigure(dose, series)] }
  },
}

interface DosePoint {
  readonly lambda: number
  readonly part: Interval
  readonly welfare: number
}

interface DoseSeries {
  readonly name: string
  readonly points: readonly DosePoint[]
}

/** The first best is an expectation, so one run may beat it. */
function toPoint(runs: CellRuns): DosePoint {
  const lambda = Number(runs.cell['population.0.prosociality'])
  const gaps = runs.valuesOf('gap')
  const welfares = runs.valuesOf('welfare')
  const parts = welfares.map((welfare, index) => welfare / (welfare + (gaps[index] ?? 0)))
  return {
    lambda,
    part: bootstrapMean(parts, `dose/${lambda}`),
    welfare: runs.intervalOf('welfare').mean,
  }
}

/** What theory says of a step, where agents carry it out to the letter: below it and from it on. */
const STEPS: Readonly<Record<string, (series: readonly DoseSeries[]) => readonly VerdictRow[]>> = {
  'dose-deterministic': (series) => [
    ...['none', 'text'].flatMap((contract) => [
      step(series, contract, 0.59, 100),
      step(series, contract, 0.6, 600),
    ]),
    step(series, 'law', 0, 600),
  ],
}

function step(
  series: readonly DoseSeries[],
  contract: string,
  lambda: number,
  expected: number,
): VerdictRow {
  const points = series.find(({ name }) => name === contract)?.points ?? []
  return judge(NAME, {
    id: `dose/deterministic/${contract}/${lambda}`,
    what: `deterministic commons, contract ${contract}, all at λ = ${lambda}: R`,
    expected,
    got: points.find((point) => point.lambda === lambda)?.welfare ?? 'not measured',
    note: 'mean over 10 seeds',
  })
}

function doseFigure(
  { id, title, reading, thresholds }: Dose,
  series: readonly DoseSeries[],
): Figure {
  const lines: readonly LineSeries[] = series.map(({ name, points }) => ({
    name,
    points: points.map(({ lambda, part }) => ({
      x: lambda,
      y: part.mean,
      lo: part.lo,
      hi: part.hi,
    })),
  }))
  return {
    id,
    title,
    caption: `Mean over ten seeds of welfare as a part of the first best, with 95 % bootstrap intervals over runs. ${reading}`,
    svg: drawLines({
      name: title,
      x: 'prosocial weight λ of everybody',
      y: 'welfare, part of the first best',
      series: lines,
      marks: thresholds,
    }),
    table: {
      id: `${id}-numbers`,
      title,
      caption: 'The numbers of the plot.',
      columns: [
        { title: 'contract' },
        { title: 'λ' },
        { title: 'mean', digits: 4 },
        { title: 'lo', digits: 4 },
        { title: 'hi', digits: 4 },
        { title: 'welfare', digits: 2 },
      ],
      rows: series.flatMap(({ name, points }) =>
        points.map(({ lambda, part, welfare }) => [
          name,
          lambda,
          part.mean,
          part.lo,
          part.hi,
          welfare,
        ]),
      ),
    },
  }
}
