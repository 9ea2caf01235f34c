import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AgentId,
  agentIdOf,
  cidOf,
  type Digest,
  digestOf,
  type Statement,
} from '@commonweal/protocol'
import type { OpenQuestion, Signal } from './forecaster.ts'
import { hearQuestion } from './heard-question.ts'

/** Agents whose ids are in the order of their numbers. */
function agentAt(index: number): AgentId {
  return agentIdOf(new Uint8Array(32).fill(index + 1))
}
const [agent, alice, bob, stranger] = [agentAt(0), agentAt(1), agentAt(2), agentAt(3)]
const listener = { agent, suppliers: [alice, bob] }

const question: OpenQuestion = {
  id: cidOf(Uint8Array.of(1)),
  text: 'Will it rain tomorrow?',
  topic: 'rain',
  outcomes: ['rain', 'dry'],
  resolver: { kind: 'schelling' },
  referenceBps: [4_000, 6_000],
  weight: 1,
  openHeight: 1,
  snapshots: [
    { closeHeight: 2, weightBps: 5_000 },
    { closeHeight: 3, weightBps: 5_000 },
  ],
  resolveHeight: 4,
}

interface Said {
  readonly author: AgentId
  readonly snapshot: number
  readonly order: number
  readonly report: Statement['report']
  readonly parents?: readonly Digest[]
}

function say({ author, snapshot, order, report, parents = [] }: Said): Signal {
  const digest = digestOf(Uint8Array.of(author === agent ? 0 : 1, snapshot, order))
  const statement = { report, findings: [], parents, reasoning: '', hypotheses: [] }
  return { author, snapshot, order, digest, statement }
}

const early = say({ author: alice, snapshot: 0, order: 0, report: [7_000, 3_000] })
const late = say({ author: alice, snapshot: 1, order: 4, report: [8_000, 2_000] })
const unused = say({ author: bob, snapshot: 0, order: 1, report: [2_000, 8_000] })
const foreign = say({ author: stranger, snapshot: 0, order: 2, report: [9_000, 1_000] })
const opened = [early, late, unused, foreign]

describe('what an agent learns from', () => {
  it('are the signals that its own last statement was made from', () => {
    const parents = [early.digest, foreign.digest]
    const own = say({ author: agent, snapshot: 0, order: 3, report: [7_000, 3_000], parents })
    assert.deepEqual(hearQuestion({ question, outcome: 0, signals: [...opened, own] }, listener), {
      id: question.id,
      reference: [0.4, 0.6],
      outcome: 0,
      heard: [{ supplier: alice, order: 0, probabilities: [0.7, 0.3] }],
    })
  })

  it('are those of the last snapshot in which it spoke', () => {
    const first = say({
      author: agent,
      snapshot: 0,
      order: 3,
      report: null,
      parents: [early.digest],
    })
    const second = say({
      author: agent,
      snapshot: 1,
      order: 5,
      report: null,
      parents: [late.digest],
    })
    const heard = hearQuestion(
      { question, outcome: 1, signals: [...opened, first, second] },
      listener,
    )
    assert.deepEqual(
      heard?.heard.map(({ order }) => order),
      [4],
    )
  })

  it('are the last reports of all suppliers where it said nothing, by their seals', () => {
    const heard = hearQuestion({ question, outcome: 0, signals: opened }, listener)
    assert.deepEqual(
      heard?.heard.map(({ supplier, order }) => [supplier, order]),
      [
        [bob, 1],
        [alice, 4],
      ],
    )
  })

  it('is nothing where the question is void, nobody was heard, or a report is none', () => {
    assert.equal(hearQuestion({ question, outcome: null, signals: opened }, listener), null)
    assert.equal(hearQuestion({ question, outcome: 0, signals: [foreign] }, listener), null)
    const wrong = [null, [10_000, 0], [3_000, 3_000, 4_000]].map((report, order) =>
      say({ author: alice, snapshot: 0, order, report }),
    )
    assert.equal(hearQuestion({ question, outcome: 0, signals: wrong }, listener), null)
  })
})
