import { present } from '@commonweal/protocol'
import { drawLines, type LineSeries } from '../../report/plot/line-plot.ts'
import type { Figure } from '../../report/report.ts'
import { bootstrapMean, type Interval } from '../../statistics/bootstrap.ts'
import { type CellRuns, runExperiment } from '../run-experiment.ts'
import type { PaperSection } from '../section.ts'
import { judge, type VerdictRow } from '../verdict-row.ts'
import { DOSES, type Dose, LAMBDAS } from './dose-settings.ts'

const NAME = 'dose'

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
      const lambdas = (dose.lambdas ?? LAMBDAS).join(', ')
      const swept = `${file}sweep: {population.0.prosociality: [${lambdas}]}\n`
      const cells = await runExperiment(swept, `${dose.id}/${name}`)
      series.push({ name, points: cells.map((cell) => toPoint(cell, dose)) })
    }
    return { rows: CLAIMS[dose.id]?.(series) ?? [], figures: [doseFigure(dose, series)] }
  },
}

interface DosePoint {
  readonly lambda: number
  /** What is drawn. */
  readonly part: Interval
}

interface DoseSeries {
  readonly name: string
  readonly points: readonly DosePoint[]
}

function toPoint(runs: CellRuns, { drawn }: Dose): DosePoint {
  const lambda = Number(runs.cell['population.0.prosociality'])
  const values = drawn === undefined ? partsOfFirstBest(runs) : drawn.valuesOf(runs)
  return { lambda, part: bootstrapMean(values, `dose/${lambda}`) }
}

/** The first best is an expectation, so one run may beat it. */
function partsOfFirstBest(runs: CellRuns): readonly number[] {
  const gaps = runs.valuesOf('gap')
  return runs.valuesOf('welfare').map((welfare, run) => welfare / (welfare + (gaps[run] ?? 0)))
}

/** In the commons of 650: what agents reach that keep it to its end and do not empty it then, and what greed gets. */
const KEPT = 600 / 650
const EMPTIED = 100 / 650

/** What theory says of a dose response: values where agents carry it out to the letter, and where the greatest step lies. */
const CLAIMS: Readonly<Record<string, (series: readonly DoseSeries[]) => readonly VerdictRow[]>> = {
  'dose-deterministic': (series) => [
    ...['none', 'text'].flatMap((contract) => [
      valueAt('deterministic', pick(series, contract), 0.59, EMPTIED),
      valueAt('deterministic', pick(series, contract), 0.6, KEPT),
    ]),
    valueAt('deterministic', pick(series, 'law'), 0, KEPT),
  ],
  'dose-iid': (series) => [greatestStep('iid', pick(series, 'none'), [0.59, 0.6])],
  'dose-private-signal': (series) => [
    greatestStep('private-signal', pick(series, 'none'), [1.39, 1.4]),
  ],
  'dose-hysteresis': (series) => [greatestStep('hysteresis', pick(series, 'none'), [0.59, 0.6])],
  'dose-effort': (series) => [
    valueAt('effort', pick(series, 'none'), 0, -4 / 20, 0.05),
    valueAt('effort', pick(series, 'none'), 5, 1, 0.01),
    valueAt('effort', pick(series, 'law on base actions'), 0, 16.9 / 20, 0.05),
  ],
  'dose-state': (series) => [
    valueAt('state', pick(series, 'none'), 0, 0, 0.05),
    valueAt('state', pick(series, 'none'), 5, 1, 0.01),
    greatestStep('state', pick(series, 'control: law on acting unlike'), [0.6, 0.67]),
  ],
}

function pick(series: readonly DoseSeries[], name: string): DoseSeries {
  return present(
    series.find((one) => one.name === name),
    'a claim is about a condition that was measured',
  )
}

function valueAt(
  dose: string,
  { name, points }: DoseSeries,
  lambda: number,
  expected: number,
  tolerance = 1e-9,
): VerdictRow {
  const { part } = present(
    points.find((point) => point.lambda === lambda),
    'a claim is about a λ that was measured',
  )
  return judge(NAME, {
    id: `dose/${dose}/${name}/${lambda}`,
    what: `${dose}, ${name}, all at λ = ${lambda}: part of the first best`,
    expected,
    got: part.mean,
    tolerance,
    note: `mean over 10 seeds [${part.lo.toFixed(3)}, ${part.hi.toFixed(3)}]`,
  })
}

function greatestStep(
  dose: string,
  { name, points }: DoseSeries,
  [below, from]: readonly [number, number],
): VerdictRow {
  const steps = points.slice(1).map((point, index) => {
    const before = present(points[index], 'every point but the first has one before')
    const words = `from ${before.lambda} to ${point.lambda}`
    return { words, height: point.part.mean - before.part.mean }
  })
  const [greatest] = steps.toSorted((a, b) => b.height - a.height)
  return judge(NAME, {
    id: `dose/${dose}/${name}/step`,
    what: `${dose}, ${name}: between which λ welfare rises most`,
    expected: `from ${below} to ${from}`,
    got: greatest?.words ?? 'no step',
    note: `by ${(greatest?.height ?? 0).toFixed(3)}, in what is drawn`,
  })
}

function doseFigure(
  { id, title, reading, thresholds, drawn }: Dose,
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
    caption: `Mean over ten seeds of ${drawn?.caption ?? 'welfare as a part of the first best'}, with 95 % bootstrap intervals over runs. ${reading}`,
    svg: drawLines({
      name: title,
      x: 'prosocial weight λ of everybody',
      y: drawn?.y ?? 'welfare, part of the first best',
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
      ],
      rows: series.flatMap(({ name, points }) =>
        points.map(({ lambda, part }) => [name, lambda, part.mean, part.lo, part.hi]),
      ),
    },
  }
}
