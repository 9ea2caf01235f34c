import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { payRules } from './rivals.ts'
import { BELIEF_DEFAULT, expectedPay, measureTruthfulness } from './truthfulness.ts'

describe('what pays best to report', () => {
  it('is the belief under the weighted score, and something else under each rival', () => {
    const measured = measureTruthfulness(BELIEF_DEFAULT).map(({ rule, report }) => [rule, report])
    assert.deepEqual(measured, [
      ['weighted score', 0.7],
      ['Kelly wealth', 0.99],
      ['max(0, K)', 0.99],
      ['softmax(5·score)', 0.99],
      ['half-Kelly by the protocol', 0.8],
    ])
  })

  it('is the belief under the weighted score whatever the peers say', () => {
    for (const belief of [0.1, 0.5, 0.9]) {
      for (const peers of [0.05, 0.5, 0.6]) {
        const [own] = measureTruthfulness({ belief, peers, share: 0.1 })
        assert.equal(own?.report, belief, `belief ${belief}, peers ${peers}`)
      }
    }
  })

  it('is a pair of names at p and 1−p where only positive scores are paid', () => {
    const knowsNothing = { belief: 0.5, peers: 0.5, share: 0.05 }
    const pairPay = (name: string): number => {
      const rule = payRules.find((candidate) => candidate.name === name)
      assert.ok(rule !== undefined)
      return expectedPay(rule, 0.9, knowsNothing) + expectedPay(rule, 0.1, knowsNothing)
    }
    assert.ok(pairPay('max(0, K)') > 0.5)
    assert.ok(pairPay('weighted score') < 0)
  })
})
