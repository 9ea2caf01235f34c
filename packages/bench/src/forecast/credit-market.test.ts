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
    const methods = ['aumann-shapley', 'leave-one-out'] as const
    const options = { seed: 'credit', worldCount: 24, questionCount: 400 }
    const [rule, leaveOneOut] = measureCreditMarket({ ...options, methods })
    assert.ok(rule !== undefined && leaveOneOut !== undefined)
    assert.ok(leaveOneOut.noise.lo > rule.noise.hi, `${leaveOneOut.noise.lo}, ${rule.noise.hi}`)
    const equal = rivals.find(({ method }) => method === 'equal')
    assert.ok(equal !== undefined && equal.noise.lo > 0.3)
  })

  it('forecasts as well by every rule: credit does not touch the weights', () => {
    for (const { method, loss } of rivals) assert.equal(loss, ours?.loss, method)
  })

  it('pays no copy much, however far it strays', () => {
    const options = { seed: 'credit', worldCount: 4, questionCount: 400 }
    for (const copyDistanceMax of [0.4, 0.8, 1.2]) {
      const [far] = measureCreditMarket({
        ...options,
        copyDistanceMax,
        methods: ['aumann-shapley'],
      })
      assert.ok(far !== undefined && far.copy.mean < 0.13, `${copyDistanceMax}: ${far?.copy.mean}`)
    }
  })

  it('loses less by weighing all sellers together than each by itself', () => {
    const options = { seed: 'credit', worldCount: 8, questionCount: 400 }
    const [adagrad] = measureCreditMarket({
      ...options,
      weights: 'adagrad',
      methods: ['aumann-shapley'],
    })
    assert.ok(ours !== undefined && adagrad !== undefined)
    assert.ok(ours.loss < adagrad.loss - 0.02, `${ours.loss}, ${adagrad.loss}`)
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
