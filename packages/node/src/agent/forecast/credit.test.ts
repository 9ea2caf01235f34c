import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { type CreditPart, type CreditQuestion, computeCredit } from './credit.ts'
import { computeGain, POOL_WEIGHT_MAX } from './log-pool.ts'
import { probabilitiesOf, toReport } from './to-report.ts'

/** Up to 64 sellers on 2 … 64 outcomes: some know nothing, some are as sure as a report can be. */
const anyQuestion: fc.Arbitrary<CreditQuestion> = fc
  .record({
    outcomeCount: fc.integer({ min: 2, max: 64 }),
    sharpness: fc.constantFrom(0, 1, 4, 30),
  })
  .chain(({ outcomeCount, sharpness }) => {
    const probabilities = fc
      .array(fc.double({ min: -1, max: 1, noNaN: true }), {
        minLength: outcomeCount,
        maxLength: outcomeCount,
      })
      .map((logits) => reportedOf(logits.map((logit) => Math.exp(sharpness * logit))))
    const part = fc.record({
      probabilities,
      weight: fc.double({ min: 0, max: POOL_WEIGHT_MAX, noNaN: true }),
      order: fc.nat({ max: 100 }),
    })
    return fc.record({
      reference: probabilities,
      parts: fc.array(part, { minLength: 1, maxLength: 64, size: 'max' }),
      outcome: fc.nat({ max: outcomeCount - 1 }),
      seed: fc.constant('any'),
    })
  })

describe('Aumann–Shapley credit', () => {
  it('sums to what the pool gains over the reference', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const gain = computeGain(question, question.outcome)
        isNear(sum(computeCredit(question)), gain)
      }),
      { numRuns: 300 },
    )
  })

  it('sums to that when 64 sellers who are all but sure agree, and what they say is wrong', () => {
    for (const reference of [[0.1, 0.9], [0.01, 0.3, 0.69], sureOf(1, 64)]) {
      const parts = Array.from({ length: 64 }, () => ({
        probabilities: sureOf(0, reference.length),
        weight: POOL_WEIGHT_MAX,
        order: 0,
      }))
      for (const outcome of [0, 1]) {
        const question = { reference, parts, outcome, seed: '' }
        isNear(sum(computeCredit(question)), computeGain(question, outcome))
      }
    }
  })

  it('is the same for all others when an identity splits, and the same for both halves together', () => {
    const split = fc.record({
      question: anyQuestion,
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(split, ({ question, part }) => {
        const [first, ...others] = question.parts
        if (first === undefined) return
        const halves = [part, 1 - part].map(
          (by): CreditPart => ({ ...first, weight: by * first.weight }),
        )
        const [before = 0, ...rest] = computeCredit(question)
        const after = computeCredit({ ...question, parts: [...halves, ...others] })
        isNear(sum(after.slice(0, 2)), before)
        for (const [index, credit] of rest.entries()) isNear(after[index + 2] ?? 0, credit)
      }),
      { numRuns: 200 },
    )
  })

  it('of each seller is what a plain rule of many small steps finds', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const credits = computeCredit(question)
        for (const [index, credit] of addUp(question).entries()) {
          const found = credits[index] ?? 0
          assert.ok(Math.abs(found - credit) <= 1e-3 * Math.max(1, Math.abs(credit)))
        }
      }),
      { numRuns: 20 },
    )
  })

  it('is the whole gain of one seller, nothing for weight 0 or for repeating the reference', () => {
    const reference = [0.5, 0.5]
    const right = { probabilities: [0.8, 0.2], weight: 1, order: 0 }
    const mute = { probabilities: [0.1, 0.9], weight: 0, order: 1 }
    const echo = { probabilities: reference, weight: 1, order: 2 }
    const question = { reference, parts: [right, mute, echo], outcome: 0, seed: '' }
    const [all = 0, ...nothing] = computeCredit(question)
    isNear(all, Math.log(0.8 / 0.5))
    assert.ok(nothing.length === 2 && nothing.every((credit) => credit === 0))
    assert.deepEqual(computeCredit({ ...question, parts: [] }), [])
  })

  it('charges the one who was wrong', () => {
    const right = { probabilities: [0.8, 0.2], weight: 1, order: 0 }
    const wrong = { probabilities: [0.3, 0.7], weight: 1, order: 1 }
    const question = { reference: [0.5, 0.5], parts: [right, wrong], outcome: 0, seed: '' }
    const [good = 0, bad = 0] = computeCredit(question)
    assert.ok(good > 0 && bad < 0)
  })
})

/** The formula, by 4 000 midpoints that are close together where t is small. */
function addUp({ reference, parts, outcome }: CreditQuestion): readonly number[] {
  const stepCount = 4_000
  const ratios = parts.map(({ probabilities }) =>
    probabilities.map((probability, k) => Math.log(probability / (reference[k] ?? 1))),
  )
  const credits = parts.map(() => 0)
  for (let step = 0; step < stepCount; step++) {
    const t = ((step + 0.5) / stepCount) ** 2
    const width = ((step + 1) / stepCount) ** 2 - (step / stepCount) ** 2
    const logits = reference.map((mass, k) =>
      parts.reduce((z, { weight }, j) => z + t * weight * (ratios[j]?.[k] ?? 0), Math.log(mass)),
    )
    const greatest = Math.max(...logits)
    const masses = logits.map((logit) => Math.exp(logit - greatest))
    const total = sum(masses)
    for (const [j, { weight }] of parts.entries()) {
      const expected = masses.reduce(
        (all, mass, k) => all + (mass / total) * (ratios[j]?.[k] ?? 0),
        0,
      )
      credits[j] = (credits[j] ?? 0) + width * weight * ((ratios[j]?.[outcome] ?? 0) - expected)
    }
  }
  return credits
}

function reportedOf(masses: readonly number[]): readonly number[] {
  const total = sum(masses)
  return probabilitiesOf(toReport(masses.map((mass) => mass / total)))
}

function sureOf(outcome: number, outcomeCount: number): readonly number[] {
  return reportedOf(Array.from({ length: outcomeCount }, (_, k) => (k === outcome ? 1 : 0)))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function isNear(actual: number, expected: number): void {
  const gap = Math.abs(actual - expected)
  assert.ok(gap <= 1e-12 * Math.max(1, Math.abs(expected)), `${actual} is ${gap} from ${expected}`)
}
