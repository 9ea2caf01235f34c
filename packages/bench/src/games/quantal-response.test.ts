import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gameParamsSchema, type MatrixGame } from '@commonweal/protocol'
import { solveQuantalResponse } from './quantal-response.ts'

function matrixGame(row: readonly (readonly number[])[], column: unknown = null): MatrixGame {
  const { game } = gameParamsSchema.parse({ game: { form: 'matrix', row, column } })
  assert.ok(game.form === 'matrix')
  return game
}

const dilemma = matrixGame([
  [5, -4],
  [8, 0],
])

describe('quantal response', () => {
  const anchors = [
    [0, 1, 0.389036],
    [0, 5, 0.079413],
    [1, 5, 0.82426],
    [2, 5, 0.996365],
  ] as const
  for (const [lambda, beta, expected] of anchors) {
    it(`at λ = ${lambda}, β = ${beta} cooperates in (5, −4, 8, 0) with chance ${expected}`, () => {
      const { row, column, isConverged } = solveQuantalResponse(dilemma, lambda, beta)
      for (const [chance = 0] of [row, column])
        assert.ok(Math.abs(chance - expected) < 1e-6, `${chance}`)
      assert.ok(isConverged)
    })
  }

  it('is a fixed point: each player’s odds are the powers of what actions are worth', () => {
    const [lambda, beta] = [0.7, 3]
    const unequal = matrixGame(
      [
        [4, 1, 0],
        [2, 3, 1],
        [0, 2, 5],
      ],
      [
        [1, 0, 3],
        [2, 4, 0],
        [0, 1, 2],
      ],
    )
    const { row, column } = solveQuantalResponse(unequal, lambda, beta)
    const worth = (own: number): number =>
      [0, 1, 2].reduce((sum, other) => {
        const gained = unequal.row[own]?.[other] ?? 0
        const both = gained + (unequal.column?.[own]?.[other] ?? 0)
        return sum + ((column[other] ?? 0) * (gained + lambda * both)) / 5
      }, 0)
    for (const own of [1, 2]) {
      const odds = (row[own] ?? 0) / (row[0] ?? 1)
      assert.ok(Math.abs(odds / Math.exp(beta * (worth(own) - worth(0))) - 1) < 1e-4)
    }
  })

  it('says so where play goes round and round', () => {
    const pennies = matrixGame(
      [
        [1, -1],
        [-1, 1],
      ],
      [
        [-1, 1],
        [1, -1],
      ],
    )
    assert.deepEqual(solveQuantalResponse(pennies, 0, 40).row, [0.5, 0.5])
    const skewed = matrixGame(
      [
        [3, -1],
        [-1, 1],
      ],
      [
        [-1, 1],
        [1, -1],
      ],
    )
    assert.equal(solveQuantalResponse(skewed, 0, 40).isConverged, false)
  })

  it('of a game without stakes is uniform', () => {
    const nothing = matrixGame([
      [0, 0],
      [0, 0],
    ])
    assert.deepEqual(solveQuantalResponse(nothing, 1, 40).row, [0.5, 0.5])
  })
})
