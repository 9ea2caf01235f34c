import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chargeContracts } from './charge-contracts.ts'
import { measureClassClaims } from './class-claims.ts'
import { searchContracts } from './contract-search.ts'
import { computeEffortBound } from './effort-bound.ts'
import { onlyStage } from './effort-figures.ts'
import { splitEffort } from './hidden-effort.ts'
import { publishedGames } from './published-games.ts'
import { computeFirstBest, stageGamesOf } from './stage-game.ts'
import { smallestStateGame, stagesOf } from './state-figures.ts'

const claims = measureClassClaims('claims')

describe('selfish seats under every contract of a class', () => {
  it('are bounded as published', () => {
    assert.deepEqual(
      claims.map(({ scenario, language, bound, firstBest }) => [
        scenario,
        language,
        bound,
        firstBest,
      ]),
      [
        ['hidden effort', 'own-action', 19, 20],
        ['hidden effort', 'base-actions', 19, 20],
        ['hidden state', 'own-action', 2, 3],
        ['commons with a private signal', 'stock-cap', 540, 611.5],
      ],
    )
  })

  for (const { scenario, language, bound, firstBest, search, control } of claims) {
    it(`${scenario}, ${language}: none of 10,000 contracts beats the bound, and one reaches it`, () => {
      assert.equal(search.contractCount, 10_000)
      assert.ok(search.withoutEquilibrium < 2_000, `${search.withoutEquilibrium}`)
      assert.equal(search.best, bound)
      assert.ok(search.contract.length > 10, search.contract)
    })

    it(`${scenario}, ${language}: a contract outside the class closes the gap`, () => {
      assert.ok(control.welfare > bound, control.contract)
      assert.equal(control.welfare, firstBest)
    })
  }

  it('would be refuted by the search if they were false: it finds the fine on acting unlike', () => {
    const wider = chargeContracts({
      stages: stagesOf(smallestStateGame, 'base-actions'),
      baseNames: ['x = 0', 'x = 1'],
      unitsMax: 6,
    })
    const { best } = searchContracts(wider, { seed: 'wider', contractCount: 10_000 })
    assert.equal(best, 3)
  })

  it('find the same for the same seed', () => {
    const [first] = measureClassClaims('same', 200)
    assert.deepEqual(measureClassClaims('same', 200)[0], first)
  })
})

describe('hidden effort', () => {
  it('loses η to every contract on base actions in other games too, mixed strategies included', () => {
    for (const base of publishedGames.filter((_, index) => index % 12 === 0)) {
      const { params, scale } = splitEffort(base)
      const stage = onlyStage(stageGamesOf(params))
      const loss = (computeFirstBest(stage).welfare - computeEffortBound(stage)) / scale
      assert.ok(Math.abs(loss - (base.R - base.P) / 12) < 1e-9, `${loss}`)
    }
  })
})
