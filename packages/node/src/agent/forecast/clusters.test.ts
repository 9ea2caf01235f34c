import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, agentIdOf } from '@commonweal/protocol'
import { type Distances, findEarliest, noDistances, stepDistances } from './clusters.ts'
import type { HeardQuestion } from './heard-question.ts'

/** Agents whose ids are in the order of their numbers. */
function agentAt(index: number): AgentId {
  return agentIdOf(new Uint8Array(32).fill(index + 1))
}

/** Suppliers by logit of the first of two outcomes, in the order of their seals. */
function ask(logits: readonly number[], orders = [...logits.keys()]): HeardQuestion {
  const heard = logits.map((logit, index) => {
    const probability = 1 / (1 + Math.exp(-logit))
    return {
      supplier: agentAt(index),
      order: orders[index] ?? index,
      probabilities: [probability, 1 - probability],
    }
  })
  return { id: 'question', reference: [0.5, 0.5], outcome: 0, heard }
}

function ask60(logits: readonly number[], count = 60): Distances {
  let distances = noDistances
  for (let index = 0; index < count; index++) distances = stepDistances(distances, ask(logits))
  return distances
}

function headsOf(distances: Distances, question: HeardQuestion): readonly number[] {
  const earliest = findEarliest(distances, question)
  return question.heard.map(({ supplier }) =>
    question.heard.findIndex((other) => other.supplier === earliest.get(supplier)),
  )
}

describe('suppliers that say the same', () => {
  it('are one after 60 common questions, not before', () => {
    const logits = [0.5, 0.6, -0.5]
    assert.deepEqual(headsOf(ask60(logits, 59), ask(logits)), [0, 1, 2])
    assert.deepEqual(headsOf(ask60(logits), ask(logits)), [0, 0, 2])
  })

  it('are those less than .15 apart, and credit is the first one’s to seal on this question', () => {
    assert.deepEqual(headsOf(ask60([0, 0.149]), ask([0, 0.149], [7, 3])), [1, 1])
    assert.deepEqual(headsOf(ask60([0, 0.151]), ask([0, 0.151], [7, 3])), [0, 1])
  })

  it('are parted again when they have differed for long enough', () => {
    let distances = ask60([0, 0])
    for (let index = 0; index < 60; index++) {
      assert.deepEqual(headsOf(distances, ask([0, 0])), index < 30 ? [0, 0] : [0, 1])
      distances = stepDistances(distances, ask([0, 0.31]))
      // Thirty questions at a distance of .31 among sixty make a mean of .155.
    }
  })

  it('are not joined by one who stands between them', () => {
    const logits = [0, 0.1, 0.2]
    assert.deepEqual(headsOf(ask60(logits), ask(logits)), [0, 0, 2])
  })

  it('are compared by all outcomes', () => {
    const heard = [
      [0.2, 0.3, 0.5],
      [0.2, 0.5, 0.3],
    ].map((probabilities, index) => ({ supplier: agentAt(index), order: index, probabilities }))
    const question = { id: '', reference: [0.2, 0.4, 0.4], outcome: 0, heard }
    const [[distance = 0] = []] = [...stepDistances(noDistances, question).values()]
    // Twice from logit .3 to logit .5, over three outcomes.
    assert.ok(Math.abs(distance - (2 / 3) * Math.log(7 / 3)) < 1e-12)
  })
})
