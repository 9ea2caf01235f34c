import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, agentIdOf } from '@commonweal/protocol'
import * as fc from 'fast-check'
import type { HeardQuestion } from './heard-question.ts'
import { noWeights, type OnlineWeights, stepWeights, trust, weightOf } from './online-weights.ts'

/** Agents whose ids are in the order of their numbers. */
function agentAt(index: number): AgentId {
  return agentIdOf(new Uint8Array(32).fill(index + 1))
}
const [good, other, third] = [agentAt(0), agentAt(1), agentAt(2)]

/** By probability of the first of two outcomes, for as many suppliers as are given. */
function ask(said: readonly number[], outcome: number): HeardQuestion {
  const heard = said.map((probability, order) => {
    return { supplier: agentAt(order), order, probabilities: [probability, 1 - probability] }
  })
  return { id: 'question', reference: [0.5, 0.5], outcome, heard }
}

/** Nine questions of twelve come true as the first supplier says at .75. */
function learn(say: (first: number, index: number) => readonly number[], count: number) {
  let weights = noWeights
  for (let index = 0; index < count; index++) {
    const first = index % 2 === 0 ? 0.75 : 0.25
    const isRight = Math.floor(index / 2) % 4 !== 0
    const outcome = first > 0.5 === isRight ? 0 : 1
    weights = stepWeights(weights, ask(say(first, index), outcome))
  }
  return weights
}

describe('the weights of suppliers', () => {
  it('are 0 at first, and move by the formula', () => {
    assert.equal(weightOf(noWeights, good), 0)
    const weights = stepWeights(noWeights, ask([0.8, 0.3], 0))
    // The pool is the reference: g = ln 4/2 for the one, and the variance is its square.
    const slope = Math.log(4) / 2
    assert.ok(Math.abs(weightOf(weights, good) - slope / (slope ** 2 + 4)) < 1e-9)
    assert.equal(weightOf(weights, other), 0, 'a weight is never negative')
  })

  it('come to 1 for who is as sure as it is right', () => {
    const weight = weightOf(
      learn((first) => [first], 400),
      good,
    )
    assert.ok(Math.abs(weight - 1) < 0.2, `${weight}`)
  })

  it('are shared by who say the same, and sum to what one would have', () => {
    const one = weightOf(
      learn((first) => [first], 400),
      good,
    )
    const weights = learn((first) => [first, first, first], 400)
    const shared = [good, other, third].map((supplier) => weightOf(weights, supplier))
    const sum = shared.reduce((total, weight) => total + weight, 0)
    assert.ok(Math.max(...shared) - Math.min(...shared) < 1e-6, shared.join())
    assert.ok(Math.abs(sum - one) < 0.1, `${sum}, not ${one}`)
  })

  it('are 0 or little for who adds noise to what another says', () => {
    const noisy = (first: number, index: number): number => {
      const logit = Math.log(first / (1 - first)) + 1.5 * Math.sin(5 * index)
      return 1 / (1 + Math.exp(-logit))
    }
    const weights = learn((first, index) => [first, noisy(first, index)], 400)
    assert.ok(weightOf(weights, good) > 0.75, `${weightOf(weights, good)}`)
    assert.ok(weightOf(weights, other) < 0.15, `${weightOf(weights, other)}`)
  })

  it('follow one who turns, in some hundred questions', () => {
    let weights = learn((first) => [first], 400)
    for (let index = 0; index < 200; index++) weights = stepWeights(weights, ask([0.75], 1))
    assert.equal(weightOf(weights, good), 0)
  })

  it('begin at 1 for one that is trusted', () => {
    assert.equal(weightOf(trust(good), good), 1)
    const weights = stepWeights(trust(good), ask([0.5, 0.8], 0))
    assert.ok(Math.abs(weightOf(weights, good) - 1) < 0.01)
  })

  it('are the same in whatever order suppliers are heard', () => {
    const question = ask([0.8, 0.3, 0.6], 0)
    const turned = { ...question, heard: question.heard.toReversed() }
    const twice = (asked: HeardQuestion): OnlineWeights =>
      stepWeights(stepWeights(noWeights, asked), asked)
    for (const supplier of [good, other, third]) {
      const gap = weightOf(twice(question), supplier) - weightOf(twice(turned), supplier)
      assert.ok(Math.abs(gap) < 1e-9)
    }
  })

  it('are the best within their bounds, whatever is said', () => {
    const probability = fc.double({ min: 0.01, max: 0.99, noNaN: true })
    const round = fc.tuple(probability, probability, probability, fc.nat({ max: 1 }))
    fc.assert(
      fc.property(fc.array(round, { minLength: 1, maxLength: 40 }), (rounds) => {
        let weights = noWeights
        for (const [a, b, c, outcome] of rounds) {
          weights = stepWeights(weights, ask([a, b, c], outcome))
        }
        const ids = [good, other, third]
        const best = ids.map((supplier) => weightOf(weights, supplier))
        assert.ok(best.every((weight) => weight >= 0 && weight <= 2))
        const least = quadratic(weights, best)
        for (const [index] of ids.entries()) {
          for (const by of [-0.01, 0.01]) {
            const moved = best.map((weight, place) => weight + (place === index ? by : 0))
            if (moved.some((weight) => weight < 0 || weight > 2)) continue
            assert.ok(quadratic(weights, moved) >= least - 1e-9)
          }
        }
      }),
    )
  })
})

/** ½·wᵀ(H + 4I)w − bᵀw. */
function quadratic({ pulls, curvatures }: OnlineWeights, weights: readonly number[]): number {
  const ids = [good, other, third]
  let sum = 0
  for (const [i, one] of ids.entries()) {
    const weight = weights[i] ?? 0
    sum += 2 * weight ** 2 - (pulls.get(one) ?? 0) * weight
    for (const [j, two] of ids.entries()) {
      const pair = one < two ? `${one} ${two}` : `${two} ${one}`
      sum += 0.5 * (curvatures.get(pair) ?? 0) * weight * (weights[j] ?? 0)
    }
  }
  return sum
}
