import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, agentIdOf } from '@commonweal/protocol'
import * as fc from 'fast-check'
import type { HeardQuestion } from './heard-question.ts'
import { noWeights, type OnlineWeights, weightOf } from './online-weights.ts'
import { pairOf } from './pairs.ts'
import { weightRules } from './rival-weights.ts'

/** Agents whose ids are in the order of their numbers. */
function agentAt(index: number): AgentId {
  return agentIdOf(new Uint8Array(32).fill(index + 1))
}
const stepWeights = weightRules.adagrad
const [good, bad, mute] = [agentAt(0), agentAt(1), agentAt(2)]

/** One says .8, the other .3 of the first outcome. */
function ask(outcome: number): HeardQuestion {
  const heard = [
    { supplier: good, order: 0, probabilities: [0.8, 0.2] },
    { supplier: bad, order: 1, probabilities: [0.3, 0.7] },
  ]
  return { id: 'question', reference: [0.5, 0.5], outcome, heard }
}

describe('the weights of suppliers, by AdaGrad', () => {
  it('are 0 at first, and move by the formula', () => {
    assert.equal(weightOf(noWeights, good), 0)
    const weights = stepWeights(noWeights, ask(0))
    // The pool is the reference, so E[d] = (ln 1.6 + ln .4)/2 and h = ln 1.6 − E[d] = ln 2.
    const slope = Math.log(2)
    const expected = (0.5 * slope) / Math.sqrt(slope ** 2 + 0.01)
    assert.ok(Math.abs(weightOf(weights, good) - expected) < 1e-12)
    assert.equal(weightOf(weights, bad), 0, 'a weight is never negative')
    const squares = weights.curvatures.get(pairOf(good, good))
    assert.ok(squares !== undefined && Math.abs(squares - slope ** 2) < 1e-12)
  })

  it('rise for who is right, fall for who is wrong, and stay for who is not heard', () => {
    let weights: OnlineWeights = { ...noWeights, weights: new Map([[mute, 0.7]]) }
    for (let index = 0; index < 20; index++)
      weights = stepWeights(weights, ask(index % 5 === 0 ? 1 : 0))
    assert.ok(weightOf(weights, good) > 0.5)
    assert.equal(weightOf(weights, bad), 0)
    assert.equal(weightOf(weights, mute), 0.7)
  })

  it('stay from 0 to 2 whatever is said, and one question moves them by at most a half', () => {
    const probability = fc.double({ min: 0.0015, max: 0.9985, noNaN: true })
    const said = fc.array(fc.tuple(probability, probability, fc.nat({ max: 1 })), { maxLength: 40 })
    fc.assert(
      fc.property(said, (rounds) => {
        let weights = noWeights
        for (const [first, second, outcome] of rounds) {
          const heard = [first, second].map((p, order) => ({
            supplier: agentAt(order),
            order,
            probabilities: [p, 1 - p],
          }))
          const next = stepWeights(weights, { id: '', reference: [0.5, 0.5], outcome, heard })
          for (const { supplier } of heard) {
            const weight = weightOf(next, supplier)
            assert.ok(weight >= 0 && weight <= 2)
            assert.ok(Math.abs(weight - weightOf(weights, supplier)) <= 0.5)
          }
          weights = next
        }
      }),
    )
  })

  it('count a slope of more than 3 as 3', () => {
    const heard = [{ supplier: good, order: 0, probabilities: [0.0001, 0.9999] }]
    const weights = stepWeights(noWeights, { id: '', reference: [0.5, 0.5], outcome: 0, heard })
    assert.equal(weights.curvatures.get(pairOf(good, good)), 9)
  })
})
