import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MatrixGame } from '@commonweal/protocol'
import { Random } from '../simulator/engine/random.ts'
import { baseMatrix, splitEffort } from './hidden-effort.ts'
import { publishedGames } from './published-games.ts'
import { solveQuantalResponse } from './quantal-response.ts'
import { estimateWeight, isContradicted, type Scenario } from './revealed-weight.ts'

function matrixOf({ params }: ReturnType<typeof baseMatrix>): MatrixGame {
  assert.ok(params.game.form === 'matrix')
  return params.game
}

/** The dilemmas, in which λ makes a difference, as they are and with hidden effort. */
const dilemmas = publishedGames.filter(({ family }) => family === 'prisoners-dilemma')
const games = [
  ...dilemmas.map((base) => matrixOf(baseMatrix(base))),
  ...dilemmas.filter((_, index) => index % 3 === 0).map((base) => matrixOf(splitEffort(base))),
]

/** What an agent of this weight and precision does in the games, drawn with a seed. */
function playAs(lambda: number, beta: number, seed: string): readonly Scenario[] {
  const random = new Random(seed, 'play')
  return games.map((game) => {
    const { row } = solveQuantalResponse(game, lambda, beta)
    let left = random.next() / 2 ** 32
    const drawn = row.findIndex((chance) => {
      left -= chance
      return left < 0
    })
    return { game, acts: [{ seat: 0, action: drawn === -1 ? row.length - 1 : drawn }] }
  })
}

const options = { seed: 'revealed', resampleCount: 200 }

describe('the weight that play reveals', () => {
  it('excludes a declared λ = 3 where the agent plays like λ = 0', () => {
    const revealed = estimateWeight(playAs(0, 20, 'free-rider'), options)
    assert.ok(isContradicted(revealed, 3), JSON.stringify(revealed))
    assert.ok(isContradicted(revealed, Number.POSITIVE_INFINITY))
    assert.ok(!isContradicted(revealed, 0), JSON.stringify(revealed))
  })

  it('contradicts no λ = 3 that plays like it, and does contradict a declared λ = 0', () => {
    const revealed = estimateWeight(playAs(3, 20, 'saint'), options)
    assert.ok(!isContradicted(revealed, 3), JSON.stringify(revealed))
    assert.ok(isContradicted(revealed, 0))
  })

  it('does not pretend to tell one large weight from another', () => {
    const { interval } = estimateWeight(playAs(6, 40, 'saint'), options)
    assert.ok(interval.hi >= 9.5 && interval.lo < 6, JSON.stringify(interval))
  })

  it('holds the weight that was played in nearly all of many seeded populations', () => {
    let heldCount = 0
    for (let seed = 0; seed < 10; seed++) {
      for (const [lambda, beta] of [
        [0.6, 15],
        [1, 10],
        [3, 20],
      ] as const) {
        const revealed = estimateWeight(playAs(lambda, beta, `population/${seed}`), options)
        if (!isContradicted(revealed, lambda)) heldCount += 1
      }
    }
    assert.ok(heldCount >= 28, `${heldCount} of 30`)
  })

  it('finds the weight and the precision where there is much to see', () => {
    const many = Array.from({ length: 10 }, (_, index) => playAs(1, 10, `much/${index}`)).flat()
    const { lambda, beta } = estimateWeight(many, { seed: 'much', resampleCount: 1 })
    assert.ok(Math.abs(lambda - 1) < 0.15, `λ ${lambda}`)
    assert.ok(Math.abs(beta / 10 - 1) < 0.3, `β ${beta}`)
  })

  it('is the same for the same seed', () => {
    const scenarios = playAs(0.6, 10, 'same')
    assert.deepEqual(estimateWeight(scenarios, options), estimateWeight(scenarios, options))
  })

  it('is refused without a scenario', () => {
    assert.throws(() => estimateWeight([], options), RangeError)
  })
})
