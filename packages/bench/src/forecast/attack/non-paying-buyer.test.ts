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

  it('gains when it knows nearly as much itself, which is a known limit', () => {
    const { loss, kept } = measureNonPayingBuyer({ ...plan, questionCount: 120, ownCoins: 3 })
    assert.ok(kept.lo > 0, `${kept.lo}`)
    assert.ok(loss.hi < 0.05, `${loss.hi}`)
  })
})
