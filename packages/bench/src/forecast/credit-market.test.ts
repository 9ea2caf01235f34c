import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { measureCreditMarket } from './credit-market.ts'

describe('a market with five names that sell noise', () => {
  const measured = measureCreditMarket({ seed: 'credit', worldCount: 8, questionCount: 400 })
  const [ours, ...rivals] = measured

  it('pays them less than 6 % by Aumann–Shapley, and most to the good sellers', () => {
    assert.equal(ours?.method, 'aumann-shapley')
    assert.ok(ours.noise.mean < 0.06, `${ours.noise.mean}`)
    assert.ok(ours.good.lo > 0.75, `${ours.good.lo}`)
    assert.ok(ours.copy.mean < 0.06, `${ours.copy.mean}`)
  })

  it('pays them more by leave-one-out, and a third by equal shares', () => {
    for (const [method, least] of [
      ['leave-one-out', 0.1],
      ['equal', 0.3],
    ] as const) {
      const rival = rivals.find((candidate) => candidate.method === method)
      assert.ok(ours !== undefined && rival !== undefined)
      assert.ok(rival.noise.mean > least, `${method}: ${rival.noise.mean}`)
      assert.ok(rival.noise.lo > ours.noise.hi, method)
    }
  })

  it('forecasts as well by every rule: credit does not touch the weights', () => {
    for (const { method, loss } of rivals) assert.equal(loss, ours?.loss, method)
  })

  it('pays a copy that strays far enough not to be known for one, which is a known limit', () => {
    const options = { seed: 'credit', worldCount: 4, questionCount: 400 }
    const [near] = measureCreditMarket(options)
    const [far] = measureCreditMarket({ ...options, copyDistanceMax: 0.4 })
    assert.ok(near !== undefined && far !== undefined)
    assert.ok(far.copy.mean > 0.1 && far.copy.lo > near.copy.hi)
  })

  it('is the same for the same seed, and divides all that is paid', () => {
    const options = { seed: 'again', worldCount: 2, questionCount: 60 }
    const once = measureCreditMarket(options)
    assert.deepEqual(measureCreditMarket(options), once)
    for (const { good, copy, weak, noise } of once) {
      const sum = good.mean + copy.mean + weak.mean + noise.mean
      assert.ok(Math.abs(sum - 1) < 1e-12)
    }
  })
})
