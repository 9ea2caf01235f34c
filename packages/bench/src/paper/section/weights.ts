import { computeThreshold, prosocialityOfLambda, svoClassOf } from '@commonweal/node/agent'
import { present } from '@commonweal/protocol'
import type { PaperSection } from '../section.ts'
import { judge, rounding, type VerdictRow } from '../verdict-row.ts'

const NAME = 'weights'
const WEIGHTS: readonly (readonly [label: string, lambda: number, alpha: number, theta: number])[] =
  [
    ['0', 0, 0, 0],
    ['0.5', 0.5, 0.3333, 18.43],
    ['0.6', 0.6, 0.375, 20.56],
    ['2/3', 2 / 3, 0.4, 21.8],
    ['1', 1, 0.5, 26.57],
    ['2', 2, 0.6667, 33.69],
    ['5', 5, 0.8333, 39.81],
    ['∞', Number.POSITIVE_INFINITY, 1, 45],
  ]
/** λ* = (n − r)/(n(r − 1)) with five seats. */
const THRESHOLDS: readonly (readonly [rate: number, lambda: number])[] = [
  [2, 0.6],
  [1.5, 1.4],
  [2.5, 1 / 3],
]

/** The weight λ in its three forms, and the weight from which a seat of a commons leaves a unit in the water. */
export const weightsSection: PaperSection = {
  name: NAME,
  title: 'Prosocial weights and thresholds',
  text: [
    'An agent with weight λ counts u + λ·W: its own payoff and λ times the welfare of all. The same weight as α on each other, and as the angle θ of social value orientation.',
  ],
  measure() {
    const five = [1, 1, 1, 1, 1]
    return {
      rows: [
        ...WEIGHTS.flatMap(weightRows),
        ...THRESHOLDS.map(([rate, lambda]) =>
          judge(NAME, {
            id: `weights/threshold/${rate}`,
            what: `λ* of a commons of five at rate ${rate}`,
            expected: lambda,
            got: computeThreshold(rate, five, 0),
            tolerance: 1e-12,
          }),
        ),
      ],
    }
  },
}

function weightRows([
  label,
  lambda,
  alpha,
  theta,
]: (typeof WEIGHTS)[number]): readonly VerdictRow[] {
  const weight = prosocialityOfLambda(lambda)
  const known = present(weight.ok ? weight.value : null, 'a λ is at least 0')
  const note = `class ${svoClassOf(known.thetaDeg)}`
  const id = `weights/${label}`
  return [
    judge(NAME, {
      id: `${id}/alpha`,
      what: `α at λ = ${label}`,
      expected: alpha,
      got: known.alpha,
      tolerance: rounding(4),
      note,
    }),
    judge(NAME, {
      id: `${id}/theta`,
      what: `θ at λ = ${label}, degrees`,
      expected: theta,
      got: known.thetaDeg,
      tolerance: rounding(2),
      note,
    }),
  ]
}
