import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { measureNonPayingBuyer } from './non-paying-buyer.ts'

const plan = { seed: 'buyers', worldCount: 30 }

describe('a buyer that pays its suppliers nothing', () => {
  it('forecasts worse once probation is over, and keeps less than if it had paid', () => {
    const { loss, weight, kept, keptLate } = measureNonPayingBuyer({
      ...plan,
      questionCount: 120,
      ownCoins: 0,
    })
    assert.ok(loss.lo > 0.05, `log loss at least ${loss.lo} worse`)
    assert.ok(weight.hi < 0 && kept.hi < 0, `weight ${weight.hi}, kept ${kept.hi}`)
    assert.ok(keptLate.hi < kept.lo, 'the later, the less')
  })

  it('has the signals for nothing while it is on probation', () => {
    const { kept } = measureNonPayingBuyer({ ...plan, questionCount: 30, ownCoins: 0 })
    assert.ok(kept.lo > 0, `${kept.lo}`)
  })

  it('gains nothing when it knows little itself', () => {
    const { kept } = measureNonPayingBuyer({ ...plan, questionCount: 120, ownCoins: 1 })
    assert.ok(kept.hi < 0, `${kept.hi}`)
  })

  it('gains no more than the others pay to find out, when it knows as much itself as its suppliers do', () => {
    for (const ownCoins of [3, 6]) {
      const { kept, loss } = measureNonPayingBuyer({ ...plan, questionCount: 120, ownCoins })
      assert.ok(kept.mean < 0.03, `${ownCoins}: ${kept.mean}`)
      assert.ok(loss.lo > -0.01 && loss.hi < 0.05, `${ownCoins}: ${loss.lo} to ${loss.hi}`)
    }
  })
})
