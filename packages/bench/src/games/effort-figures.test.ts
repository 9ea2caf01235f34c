import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { measureCanonical } from './canonical-table.ts'
import { measureEffort } from './effort-figures.ts'
import { splitEffort } from './hidden-effort.ts'
import { enact, fineLaw } from './mechanism.ts'
import { type BaseGame, canonicalGame, publishedGames } from './published-games.ts'
import { format, rational } from './rational.ts'
import { stageGamesOf } from './stage-game.ts'

function thresholdOfBase({ family, R, S, T }: BaseGame): string {
  return family === 'stag-hunt' ? '0' : format(rational(T - R, 2 * R - S - T))
}

describe('the 60 published games with hidden effort', () => {
  it('are 30 prisoner’s dilemmas and 30 stag hunts', () => {
    assert.equal(publishedGames.length, 60)
    for (const { family, R, S, T, P } of publishedGames) {
      if (family === 'prisoners-dilemma') assert.ok(T > R && R > P && P > S && 2 * R > S + T)
      else assert.ok(R > T && T > P && P > S)
    }
    const distinct = new Set(publishedGames.map(({ R, S, T, P }) => [R, S, T, P].join()))
    assert.equal(distinct.size, 54)
  })

  for (const [index, base] of publishedGames.entries()) {
    const { family, R, S, T, P } = base
    it(`${index + 1}: ${family} (${R}, ${S}, ${T}, ${P})`, () => {
      const eta = format(rational(R - P, 12))
      const expected = {
        equilibria: family === 'stag-hunt' ? ['CH,CL', 'CL,CH', 'DH,DH'] : ['DH,DH'],
        optima: ['CH,CH'],
        gap: format(rational(2 * (R - P))),
        contractLoss: eta,
        contractLossMixed: format(rational(R - P, 3)),
        highChance: '1/3',
        threshold: '2',
        baseThreshold: thresholdOfBase(base),
      }
      assert.deepEqual(inWords(measureEffort(base)), expected)
      // Whatever the contract: a law of the narrowest class that prices defection out does the same as force.
      const byFine = measureEffort(base, ({ params }) =>
        enact(
          stagesFor(base),
          fineLaw('base == 1', String(60n * params.unitMicro * 12n)),
          'a fine',
        ),
      )
      assert.deepEqual(inWords(byFine), expected)
    })
  }
})

describe('the canonical game', () => {
  it('has whole payoffs, and effort worth ε = 2 and η = 1', () => {
    const { params, scale } = splitEffort(canonicalGame)
    assert.equal(scale, 1)
    assert.deepEqual(params.game.form === 'matrix' ? params.game.row : [], [
      [10, 7, -8, -8],
      [12, 6, -12, -12],
      [18, 18, -2, 0],
      [16, 16, -4, -6],
    ])
  })

  it('ends in each setting as published', () => {
    const rows = measureCanonical().map(({ setting, equilibria, welfare, gap }) => [
      setting,
      equilibria.join(' '),
      welfare,
      gap,
    ])
    assert.deepEqual(rows, [
      ['no contract, λ = 0', 'DH,DH → -2,-2', '-4', '24'],
      ['contract on base actions, λ = 0', 'CH,CL → 7,12 CL,CH → 12,7', '19', '1'],
      ['the same, symmetric mixed', 'mixed → 8,8', '16', '4'],
      ['no contract, λ = 1', 'CH,CL → 7,12 CL,CH → 12,7', '19', '1'],
      ['no contract, λ = 3', 'CH,CH → 10,10', '20', '0'],
      ['contract on base actions, λ = 3', 'CH,CH → 10,10', '20', '0'],
      ['no contract, λ = 0 and 3', 'DH,CH → 18,-8', '10', '10'],
      ['contract on base actions, λ = 0 and 3', 'CL,CH → 12,7', '19', '1'],
      ['effort observable, λ = 0', 'CH,CH → 10,10', '20', '0'],
      ['outcome observable, λ = 0', 'CH,CH → 10,10', '20', '0'],
      ['2×2 game, λ = 0', 'C,C → 12,12', '24', '0'],
    ])
  })
})

function stagesFor(base: BaseGame): ReturnType<typeof stageGamesOf> {
  return stageGamesOf(splitEffort(base, { language: 'own-action' }).params)
}

function inWords(figures: ReturnType<typeof measureEffort>): unknown {
  return {
    ...figures,
    equilibria: figures.equilibria.toSorted(),
    gap: format(figures.gap),
    contractLoss: format(figures.contractLoss),
    contractLossMixed: format(figures.contractLossMixed),
    highChance: format(figures.highChance),
    threshold: figures.threshold === null ? null : format(figures.threshold),
    baseThreshold: figures.baseThreshold === null ? null : format(figures.baseThreshold),
  }
}
