import { type ActionValues, type MixedStrategy, solveLogit } from '@commonweal/node/agent'
import { computePairPayoffs, type MatrixGame } from '@commonweal/protocol'

export interface QuantalResponse {
  readonly row: MixedStrategy
  readonly column: MixedStrategy
  /** Whether the strategies stood still before the steps ran out. */
  readonly isConverged: boolean
}

/**
 * The logit quantal response equilibrium of two players with one prosocial weight and one precision.
 *
 * Formula V_i = u_i + λ·(u_row + u_column), with payoffs divided by the largest |payoff|, in the equilibrium of `solveLogit`
 */
export function solveQuantalResponse(
  game: MatrixGame,
  lambda: number,
  beta: number,
): QuantalResponse {
  const { row, column } = computeWeighted(game, lambda)
  const { own, other, isConverged } = solveLogit({ own: row, other: column }, beta)
  return { row: own, column: other, isConverged }
}

/** V of each player as `[own action][the other's action]`. */
interface WeightedValues {
  readonly row: ActionValues
  readonly column: ActionValues
}

function computeWeighted(game: MatrixGame, lambda: number): WeightedValues {
  const actions = [...game.row.keys()]
  const pairs = actions.map((own) => actions.map((other) => computePairPayoffs(game, own, other)))
  const largest = Math.max(...pairs.flat(2).map(Math.abs)) || 1
  const weigh = (own: number, other: number): number => (own + lambda * (own + other)) / largest
  return {
    row: pairs.map((line) => line.map(([first, second]) => weigh(first, second))),
    column: actions.map((own) =>
      pairs.map((line) => {
        const [first, second] = line[own] ?? [0, 0]
        return weigh(second, first)
      }),
    ),
  }
}
