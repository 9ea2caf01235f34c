import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, agentIdOf } from '@commonweal/protocol'
import { computeCredit } from './credit.ts'
import type { HeardQuestion } from './heard-question.ts'
import { emptyBook, openBook, type SupplierBook, stepBook } from './supplier-book.ts'

/** Agents whose ids are in the order of their numbers. */
function agentAt(index: number): AgentId {
  return agentIdOf(new Uint8Array(32).fill(index + 1))
}
const [first, copier, other] = [agentAt(0), agentAt(1), agentAt(2)]

/** Three out of four times the first outcome comes true. The copier says what the first said, a little bolder. */
function ask(index: number): HeardQuestion {
  const outcome = index % 4 === 0 ? 1 : 0
  const heard = [
    { supplier: first, order: 0, probabilities: [0.75, 0.25] },
    { supplier: copier, order: 1, probabilities: [0.76, 0.24] },
    { supplier: other, order: 2, probabilities: index % 2 === 0 ? [0.4, 0.6] : [0.6, 0.4] },
  ]
  return { id: `${index}`, reference: [0.5, 0.5], outcome, heard }
}

const RULES = { credit: computeCredit }

function readBook(count: number): SupplierBook {
  let book = emptyBook
  for (let index = 0; index < count; index++) book = stepBook(book, ask(index), RULES)
  return book
}

describe('the book of suppliers', () => {
  it('credits with the weights from before the question: the first brings nothing', () => {
    const { records, weights } = readBook(1)
    assert.ok([...records.values()].every(({ credit }) => credit === 0))
    assert.ok([...weights.weights.values()].some((weight) => weight > 0))
  })

  it('adds up to what the pool gained, whoever is like whom', () => {
    const before = readBook(100)
    const question = ask(101)
    const parts = question.heard.map(({ supplier, probabilities, order }) => ({
      probabilities,
      order,
      weight: before.weights.weights.get(supplier) ?? 0,
    }))
    const { reference, outcome } = question
    const gain = computeCredit({ reference, outcome, parts, seed: '' }).reduce(
      (sum, c) => sum + c,
      0,
    )
    const after = stepBook(before, question, RULES)
    const credited = [...after.records].reduce((sum, [agent, { credit }]) => {
      const past = before.records.get(agent)?.credit ?? 0
      return sum + (credit === past ? 0 : (credit - 0.98 * past) / 0.02)
    }, 0)
    assert.ok(Math.abs(credited - gain) < 1e-9, `${credited}, not ${gain}`)
  })

  it('leaves a copier nothing once it is known for one', () => {
    const known = readBook(60)
    const before = known.records.get(copier)
    const after = stepBook(known, ask(61), RULES).records.get(copier)
    assert.ok(before !== undefined && before.credit > 0)
    assert.ok(after !== undefined)
    assert.ok(Math.abs(after.credit - 0.98 * before.credit) < 1e-15)
    assert.ok(Math.abs(after.score - 0.98 * before.score) < 1e-15)
  })

  it('says what the pool is worth: its gain over the reference, or over what the agent believes itself', () => {
    const heard = ask(1).heard.filter(({ supplier }) => supplier !== other)
    const question = { ...ask(1), heard }
    const trusting = openBook(first)
    const alone = stepBook(trusting, question, RULES).worth.credit
    assert.ok(Math.abs(alone - 0.02 * Math.log(0.75 / 0.5)) < 1e-12, 'the pool says .75')
    const over = stepBook(trusting, question, { ...RULES, own: first }).worth.credit
    assert.ok(Math.abs(over) < 1e-12, 'as the agent does')
    const unserved = { ...question, heard: heard.slice(0, 1) }
    assert.equal(stepBook(emptyBook, unserved, { ...RULES, own: first }).worth.variance, 0)
  })
})
