import { present } from '../../invariant.ts'
import type { GameParams, HiddenStateGame, MatrixGame, PayoffMatrix } from './params.ts'
import { actionCountOf } from './params.ts'

/** What two actions bring the row player and the column player. [GAM-2] */
export function computePairPayoffs(
  { row, column }: MatrixGame,
  own: number,
  other: number,
): readonly [row: number, column: number] {
  const second = column === null ? entryOf(row, other, own) : entryOf(column, own, other)
  return [entryOf(row, own, other), second]
}

/** What the actions of all seats bring each of them in a state. [GAM-3] */
export function computeStatePayoffs(
  { costs, benefit, harm }: HiddenStateGame,
  actions: readonly number[],
  state: number,
): readonly number[] {
  let actingCount = 0
  for (const action of actions) actingCount += action
  // Taken from 0, so that what nobody brings or harms is 0 and not −0, which no record can hold.
  return actions.map((action) => {
    const others = actingCount - action
    const brought = state === 1 ? others * benefit : 0 - others * harm
    return brought - action * (state === 1 ? costs[1] : costs[0])
  })
}

/** The most that a seat's own choice changes its payoff in a round, whatever the others do. [GAM-7] */
export function computeGainMax(params: Pick<GameParams, 'game'>): number {
  const { game } = params
  if (game.form === 'hidden-state') return Math.max(...game.costs.map(Math.abs))
  const actions = Array.from({ length: actionCountOf(params) }, (_, action) => action)
  const spreads = actions.flatMap((other) => [
    spreadOf(actions.map((own) => computePairPayoffs(game, own, other)[0])),
    spreadOf(actions.map((own) => computePairPayoffs(game, other, own)[1])),
  ])
  return Math.max(...spreads)
}

function spreadOf(payoffs: readonly number[]): number {
  return Math.max(...payoffs) - Math.min(...payoffs)
}

function entryOf(matrix: PayoffMatrix, row: number, column: number): number {
  return present(matrix[row]?.[column], 'an action is a row of the matrix')
}
