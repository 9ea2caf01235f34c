import { computePairPayoffs, type MatrixGame } from '@commonweal/protocol'

/** How often each action is played. */
export type MixedStrategy = readonly number[]

export interface QuantalResponse {
  readonly row: MixedStrategy
  readonly column: MixedStrategy
  /** Whether the strategies stood still before the steps ran out. */
  readonly isConverged: boolean
}

const DAMPING = 0.5
const TOLERANCE = 1e-6
const STEP_COUNT_MAX = 5_000

/**
 * The logit quantal response equilibrium of two players with one prosocial weight and one precision.
 *
 * Formula V_i = u_i + λ·(u_row + u_column), with payoffs divided by the largest |payoff|; σ_i ∝ exp(β·V_i·σ_other), as a fixed
 *         point from uniform play, half of each step taken, both players at once, until no chance changes by 1e-6.
 * Cost    some 30 steps of n² where it converges, 5,000 where it does not.
 */
export function solveQuantalResponse(
  game: MatrixGame,
  lambda: number,
  beta: number,
): QuantalResponse {
  const values = computeWeighted(game, lambda)
  const count = values.row.length
  let row: MixedStrategy = Array.from({ length: count }, () => 1 / count)
  let column = row
  for (let step = 0; step < STEP_COUNT_MAX; step++) {
    const nextRow = moveTowards(row, logit(values.row, column, beta))
    const nextColumn = moveTowards(column, logit(values.column, row, beta))
    const change = Math.max(distance(row, nextRow), distance(column, nextColumn))
    row = nextRow
    column = nextColumn
    if (change < TOLERANCE) return { row, column, isConverged: true }
  }
  return { row, column, isConverged: false }
}

/** V of each player as `[own action][the other's action]`. */
interface WeightedValues {
  readonly row: readonly (readonly number[])[]
  readonly column: readonly (readonly number[])[]
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

function logit(
  values: readonly (readonly number[])[],
  other: MixedStrategy,
  beta: number,
): MixedStrategy {
  const exponents = values.map((line) => {
    let expected = 0
    for (const [action, value] of line.entries()) expected += value * (other[action] ?? 0)
    return beta * expected
  })
  const greatest = Math.max(...exponents)
  const powers = exponents.map((exponent) => Math.exp(exponent - greatest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

function moveTowards(from: MixedStrategy, to: MixedStrategy): MixedStrategy {
  return from.map((chance, action) => (1 - DAMPING) * chance + DAMPING * (to[action] ?? 0))
}

function distance(a: MixedStrategy, b: MixedStrategy): number {
  return Math.max(...a.map((chance, action) => Math.abs(chance - (b[action] ?? 0))))
}
