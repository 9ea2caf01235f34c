import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findPureEquilibria, weight } from './equilibrium.ts'
import { NO_CONTRACT } from './mechanism.ts'
import { format, rational } from './rational.ts'
import {
  equalCostsGame,
  measureFine,
  measureState,
  type StateGame,
  smallestStateGame,
  stagesOf,
} from './state-figures.ts'

function inWords(game: StateGame): unknown {
  const { threshold, ...figures } = measureState(game)
  const words = Object.entries(figures).map(([name, figure]) => [name, format(figure)])
  return { ...Object.fromEntries(words), threshold: threshold === null ? null : format(threshold) }
}

describe('the smallest game with a hidden state', () => {
  it('has the published figures', () => {
    assert.deepEqual(inWords(smallestStateGame), {
      firstBest: '3',
      bestContract: '2',
      gap: '1',
      threshold: '2/3',
      prosocial: '3',
      prosocialForced: '2',
      mismatchFine: '3',
      stateSeen: '3',
    })
  })

  it('answers a fine on idleness as published, up to each cost and from it on', () => {
    const expected: readonly (readonly [fine: number, welfare: string])[] = [
      [0, '0'],
      [999_999, '0'],
      [1_000_001, '-1'],
      [1_500_000, '-1'],
      [1_999_999, '-1'],
      [2_000_001, '2'],
      [9_000_000, '2'],
    ]
    for (const [fine, welfare] of expected) {
      assert.equal(format(measureFine(smallestStateGame, fine)), welfare, `a fine of ${fine}`)
    }
  })

  it('has no gap where acting costs the same in both states', () => {
    const { gap, firstBest } = measureState(equalCostsGame)
    assert.deepEqual([format(gap), format(firstBest)], ['0', '2'])
  })

  it('is played right by everybody above λ*, and by nobody below it', () => {
    const stages = stagesOf(smallestStateGame, 'own-action')
    const play = (numerator: number, denominator: number): unknown =>
      stages.map((stage) =>
        findPureEquilibria(stage, {
          weights: [weight(numerator, denominator), weight(numerator, denominator)],
          mechanism: NO_CONTRACT,
        }),
      )
    assert.deepEqual(play(667, 1000), [[[0, 0]], [[1, 1]]])
    assert.deepEqual(play(666, 1000), [[[0, 0]], [[0, 0]]])
    assert.deepEqual(play(1, 0), [[[0, 0]], [[1, 1]]])
  })

  it('loses n(1 − p)c₀ to every contract of the class, where forcing is the best of them', () => {
    for (const [seatCount, chancePercent] of [
      [2, 50],
      [3, 50],
      [2, 80],
      [3, 60],
    ] as const) {
      const game = { ...smallestStateGame, seatCount, chancePercent }
      const expected = rational(seatCount * (100 - chancePercent), 100)
      assert.equal(format(measureState(game).gap), format(expected))
    }
  })
})
