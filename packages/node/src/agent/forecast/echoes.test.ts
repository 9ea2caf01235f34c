import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, agentIdOf } from '@commonweal/protocol'
import * as fc from 'fast-check'
import { divideEchoes, type Likeness, noLikeness, stepLikeness } from './echoes.ts'
import type { HeardQuestion } from './heard-question.ts'
import { noWeights } from './online-weights.ts'

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

/** Three logits that go their own ways, the same for the same question. */
function logitsAt(index: number): readonly [number, number, number] {
  return [Math.sin(7 * index), Math.cos(11 * index), Math.sin(13 * index + 1)]
}

/** What is known of suppliers that make their logits of three that go their own ways. */
function learn(
  say: (of: readonly [number, number, number], index: number) => readonly number[],
  count = 200,
): Likeness {
  let likeness = noLikeness
  for (let index = 0; index < count; index++) {
    likeness = stepLikeness(likeness, noWeights, ask(say(logitsAt(index), index)))
  }
  return likeness
}

/** By supplier: the parts of its credit, by who gets them. */
function partsOf(likeness: Likeness, question: HeardQuestion): readonly (readonly number[])[] {
  const parts = divideEchoes(likeness, question)
  return question.heard.map(({ supplier }) =>
    question.heard.map((other) => parts.get(supplier)?.get(other.supplier) ?? 0),
  )
}

function near(
  actual: readonly number[] | undefined,
  expected: readonly number[],
  within: number,
): void {
  assert.equal(actual?.length, expected.length)
  for (const [index, value] of expected.entries()) {
    assert.ok(Math.abs((actual?.[index] ?? 9) - value) <= within, `${actual?.join()}`)
  }
}

describe('a supplier that says what others said before it', () => {
  it('passes its credit on to whom it copies, from 30 common questions, not before', () => {
    const copy = (count: number): Likeness => learn(([a, b]) => [a, b, a], count)
    assert.deepEqual(partsOf(copy(29), ask([0, 0, 0]))[2], [0, 0, 1])
    near(partsOf(copy(30), ask([0, 0, 0]))[2], [1, 0, 0], 0.01)
  })

  it('is no copy for who sealed after it', () => {
    const likeness = learn(([a, b]) => [a, b, a])
    const [first, , third] = partsOf(likeness, ask([0, 0, 0], [7, 5, 3]))
    near(first, [0, 0, 1], 0.01)
    assert.deepEqual(third, [0, 0, 1])
  })

  it('gains nothing by saying it more boldly, or by saying the sum of what two say', () => {
    near(
      partsOf(
        learn(([a, b]) => [a, b, 2 * a]),
        ask([0, 0, 0]),
      )[2],
      [1, 0, 0],
      0.1,
    )
    const [, , extremiser] = partsOf(
      learn(([a, b]) => [a, b, a + b]),
      ask([0, 0, 0]),
    )
    near(extremiser, [0.5, 0.5, 0], 0.1)
  })

  it('keeps more the more of its own it says, and all from three tenths', () => {
    const kept = [0, 0.1, 0.2, 0.3, 0.5, 1].map((own) => {
      const [, , parts = []] = partsOf(
        learn(([a, b, c]) => [a, b, a + own * c]),
        ask([0, 0, 0]),
      )
      return parts[2] ?? 0
    })
    assert.deepEqual(
      kept.toSorted((a, b) => a - b),
      kept,
    )
    assert.ok((kept[0] ?? 1) < 0.01 && (kept[2] ?? 1) < 0.2, kept.join())
    assert.equal(kept.at(-1), 1)
  })

  it('is not what an honest supplier becomes beside two names that contradict each other where both are heard', () => {
    // A name that knows half of what is known, and a second that says the same alone and the opposite beside it.
    let likeness = noLikeness
    const [thief, victim] = [agentAt(0), agentAt(2)]
    for (let index = 0; index < 400; index++) {
      const [a, b, c] = logitsAt(index)
      const question = ask([a + b, index % 10 < 6 ? -0.7 * (a + b) : a + b, a + b + 1.4 * c])
      const absent = index % 10 < 6 ? null : agentAt(index % 2)
      const heard = question.heard.filter(({ supplier }) => supplier !== absent)
      likeness = stepLikeness(likeness, noWeights, { ...question, heard })
    }
    const parts = divideEchoes(likeness, ask([0, 0, 0]))
    assert.equal(parts.get(victim)?.get(thief), undefined)
    assert.equal(parts.get(victim)?.get(victim), 1)
  })

  it('is not found among those who go their own ways', () => {
    const parts = partsOf(
      learn((of) => of),
      ask([0, 0, 0]),
    )
    assert.deepEqual(parts, [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ])
  })

  it('is not told by chance, however many names there are to guess from', () => {
    const crowd = (count: number): Likeness =>
      learn(
        ([a], index) =>
          [...Array(28).keys()].map((k) => Math.sin((k + 2) ** 2 * index + k)).concat(a),
        count,
      )
    for (const count of [20, 29, 30, 40, 60, 200]) {
      const [, ...kept] = partsOf(crowd(count), ask(Array<number>(29).fill(0))).map(
        (parts, index) => parts[index] ?? 0,
      )
      assert.ok((kept.at(-1) ?? 0) > 0.8, `${count}: ${kept.at(-1)}`)
    }
  })

  it('is told beside a crowd of names that came late, too', () => {
    const crowd = (index: number): readonly number[] =>
      [...Array(28).keys()].map((k) => (index < 170 ? 0 : Math.sin((k + 2) ** 2 * index + k)))
    let likeness = noLikeness
    for (let index = 0; index < 201; index++) {
      const [a, , c] = logitsAt(index)
      const question = ask([a, ...crowd(index), a + 0.15 * c])
      const heard = question.heard.filter(
        ({ order }) => index >= 170 || order === 0 || order === 29,
      )
      likeness = stepLikeness(likeness, noWeights, { ...question, heard })
    }
    const [, ...parts] = partsOf(likeness, ask(Array<number>(30).fill(0)))
    const kept = parts.at(-1)?.at(-1) ?? 1
    assert.ok(kept < 0.2, `${kept}`)
  })

  it('leaves the credit of all others alone when it takes a second name', () => {
    const one = partsOf(
      learn(([a, b, c]) => [a, b, a + b + 0.4 * c]),
      ask([0, 0, 0]),
    )
    const two = partsOf(
      learn(([a, b, c]) => [a, a, b, a + b + 0.4 * c]),
      ask([0, 0, 0, 0]),
    )
    const [a = 0, b = 0, own = 0] = one[2] ?? []
    near(two[3], [a, 0, b, own], 1e-9)
  })

  it('passes on all that it does not keep, whatever was said, and to nobody less than nothing', () => {
    const logit = fc.double({ min: -4, max: 4, noNaN: true })
    const anyRound = fc.array(fc.option(logit, { nil: undefined }), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(fc.array(anyRound, { minLength: 1, maxLength: 4 }), (rounds) => {
        let likeness = noLikeness
        const everyone = ask([1, 1, 1, 1, 1])
        for (let index = 0; index < 70; index++) {
          const round = rounds[index % rounds.length] ?? []
          const { heard } = ask(round.map((value) => value ?? 0))
          const spoken = heard.filter((_, place) => round[place] !== undefined)
          likeness = stepLikeness(likeness, noWeights, { ...everyone, heard: spoken })
        }
        for (const parts of partsOf(likeness, everyone)) {
          const sum = parts.reduce((total, part) => total + part, 0)
          assert.ok(Math.abs(sum - 1) < 1e-9, parts.join())
          assert.ok(parts.every((part) => part >= 0))
        }
      }),
    )
  })

  it('is known within two hundred questions when it begins to copy', () => {
    const turned = learn(([a, b, c], index) => [a, b, index < 200 ? c : a], 400)
    near(partsOf(turned, ask([0, 0, 0]))[2], [1, 0, 0], 0.15)
  })
})
