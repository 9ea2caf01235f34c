import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, agentIdOf } from '@commonweal/protocol'
import * as fc from 'fast-check'
import { type Prosociality, prosocialityOfAlpha, prosocialityOfLambda } from '../prosocial.ts'
import { computeDeltaBps } from './generosity.ts'

function sharesOf(...shares: readonly number[]): ReadonlyMap<AgentId, number> {
  return new Map(shares.map((share, index) => [agentIdOf(new Uint8Array(32).fill(index)), share]))
}

function delta(lambda: number, keepBps: number, shares: ReadonlyMap<AgentId, number>): number {
  return computeDeltaBps({ keepBps, shares, prosociality: of(lambda) })
}

const THREE = sharesOf(1 / 3, 1 / 3, 1 / 3)

describe('what an agent passes on', () => {
  it('is what keeps its suppliers when it cares for nobody, and everybody’s equal part when it cares for all alike', () => {
    for (const keepBps of [0, 1, 2_000, 8_000]) assert.equal(delta(0, keepBps, THREE), keepBps)
    assert.equal(delta(Number.POSITIVE_INFINITY, 0, THREE), 7_500)
    assert.equal(delta(Number.POSITIVE_INFINITY, 0, sharesOf(1)), 5_000)
    assert.equal(delta(Number.POSITIVE_INFINITY, 0, sharesOf(...Array(20).fill(1 / 20))), 8_000)
  })

  it('never falls as it cares more, and stays between what keeps suppliers and .8', () => {
    const alphas = fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    const counts = fc.integer({ min: 1, max: 32 })
    fc.assert(
      fc.property(alphas, counts, fc.nat({ max: 8_000 }), ([a, b], count, keepBps) => {
        const shares = sharesOf(...Array<number>(count).fill(1 / count))
        const [less = 0, more = 0] = [Math.min(a, b), Math.max(a, b)].map((alpha) => {
          const prosociality = prosocialityOfAlpha(alpha)
          assert.ok(prosociality.ok)
          return computeDeltaBps({ keepBps, shares, prosociality: prosociality.value })
        })
        assert.ok(keepBps <= less && less <= more && more <= 8_000)
      }),
    )
  })

  it('is the best of all that it could pass on, by trying them', () => {
    for (const [lambda, count, keepBps] of [
      [0, 3, 2_000],
      [0.25, 3, 2_000],
      [1, 3, 2_000],
      [1, 5, 0],
      [10, 2, 7_000],
      [10, 12, 0],
    ] as const) {
      const alpha = lambda / (1 + lambda)
      const value = (bps: number): number =>
        Math.log(1 - bps / 1e4) + alpha * count * Math.log(Math.max(bps, 1e-9) / 1e4 / count)
      let best = keepBps
      for (let bps = keepBps; bps <= 8_000; bps++) if (value(bps) > value(best)) best = bps
      const shares = sharesOf(...Array<number>(count).fill(1 / count))
      assert.ok(
        Math.abs(delta(lambda, keepBps, shares) - best) <= 1,
        `λ ${lambda}, ${count} suppliers`,
      )
    }
  })

  it('hardly grows with names that get little', () => {
    const few = delta(1, 0, sharesOf(0.5, 0.5))
    const many = delta(1, 0, sharesOf(0.49, 0.49, ...Array<number>(20).fill(0.001)))
    assert.ok(many - few < 150, `${many - few} basis points more`)
    assert.ok(delta(1, 0, sharesOf(...Array<number>(22).fill(1 / 22))) - few >= 3_000)
  })

  it('is nothing when there is nobody to pay', () => {
    assert.equal(delta(1, 2_000, sharesOf()), 0)
  })
})

function of(lambda: number): Prosociality {
  const prosociality = prosocialityOfLambda(lambda)
  assert.ok(prosociality.ok)
  return prosociality.value
}
