import { gameParamsSchema } from '@commonweal/protocol'
import { solveQuantalResponse } from '../../games/quantal-response.ts'
import type { PaperSection } from '../section.ts'
import { judge, type VerdictRow } from '../verdict-row.ts'

const NAME = 'anchors'
const ANCHORS: readonly (readonly [lambda: number, beta: number, chance: number])[] = [
  [0, 1, 0.389036],
  [0, 5, 0.079413],
  [1, 5, 0.82426],
  [2, 5, 0.996365],
]

/** Fixed points of the quantal response, from which a weight is estimated. */
export const anchorsSection: PaperSection = {
  name: NAME,
  title: 'Quantal response',
  text: [
    "How often players of the Prisoner's Dilemma (5, −4, 8, 0) cooperate in the logit quantal response equilibrium of a weight λ and a precision β. The estimate of a revealed weight rests on this fixed point.",
  ],
  measure() {
    const { game } = gameParamsSchema.parse({
      game: {
        form: 'matrix',
        row: [
          [5, -4],
          [8, 0],
        ],
      },
    })
    const rows = ANCHORS.map(([lambda, beta, chance]): VerdictRow => {
      const got = game.form === 'matrix' ? solveQuantalResponse(game, lambda, beta).row[0] : 0
      return judge(NAME, {
        id: `anchors/${lambda}-${beta}`,
        what: `P(C) at λ = ${lambda}, β = ${beta}`,
        expected: chance,
        got: got ?? 0,
        tolerance: 1e-6,
      })
    })
    return { rows }
  },
}
