import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CreditQuestion } from './credit.ts'
import { computeGain } from './log-pool.ts'
import { type CreditMethodName, creditMethods } from './rival-credit.ts'

/** A good seller, a copy of it that sealed later, one who is wrong and one who repeats the reference. */
const question: CreditQuestion = {
  reference: [0.5, 0.3, 0.2],
  parts: [
    { probabilities: [0.8, 0.1, 0.1], weight: 0.9, order: 2 },
    { probabilities: [0.8, 0.1, 0.1], weight: 0.9, order: 5 },
    { probabilities: [0.2, 0.6, 0.2], weight: 0.5, order: 1 },
    { probabilities: [0.5, 0.3, 0.2], weight: 1, order: 0 },
  ],
  outcome: 0,
  seed: 'rivals',
}
const gain = computeGain(question, question.outcome)

describe('the rivals of the default credit', () => {
  it('all divide the whole gain, but for leave-one-out', () => {
    for (const name of ['aumann-shapley', 'commit-order', 'equal'] as const) {
      assert.ok(Math.abs(sum(creditsBy(name)) - gain) < 1e-12, name)
    }
    // What truncation leaves is less than a thousandth of a nat.
    assert.ok(Math.abs(sum(creditsBy('monte-carlo-shapley')) - gain) < 1e-3)
    assert.ok(Math.abs(sum(creditsBy('leave-one-out')) - gain) > 0.01)
  })

  it('give the same to all, or to each what the pool would lack', () => {
    assert.deepEqual(creditsBy('equal'), Array(4).fill(gain / 4))
    const [good = 0] = creditsBy('leave-one-out')
    const without = { ...question, parts: question.parts.slice(1) }
    assert.equal(good, gain - computeGain(without, question.outcome))
  })

  it('give the first of two copies more by the order of seals, and both the same otherwise', () => {
    const [first = 0, copy = 0] = creditsBy('commit-order')
    assert.ok(first > copy && copy > 0)
    for (const name of ['aumann-shapley', 'leave-one-out', 'equal'] as const) {
      const [one = 0, other = 1] = creditsBy(name)
      assert.equal(one, other, name)
    }
  })

  it('draw the same orders for the same seed, and come near the default', () => {
    const drawn = creditsBy('monte-carlo-shapley')
    assert.deepEqual(drawn, creditsBy('monte-carlo-shapley'))
    const other = creditMethods['monte-carlo-shapley']({ ...question, seed: 'another' })
    assert.notDeepEqual(drawn, other)
    for (const [index, credit] of creditsBy('aumann-shapley').entries()) {
      assert.ok(Math.abs(credit - (drawn[index] ?? 0)) < 0.1)
    }
  })

  it('give nothing when nobody speaks', () => {
    for (const method of Object.values(creditMethods)) {
      assert.deepEqual(method({ ...question, parts: [] }), [])
    }
  })
})

function creditsBy(name: CreditMethodName): readonly number[] {
  return creditMethods[name](question)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
