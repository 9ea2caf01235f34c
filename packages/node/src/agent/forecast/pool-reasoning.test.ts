import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { agentIdOf, statementSchema } from '@commonweal/protocol'
import { describePool, shortId } from './pool-reasoning.ts'

const alice = agentIdOf(new Uint8Array(32).fill(0xa1))
const bob = agentIdOf(new Uint8Array(32).fill(0xb0))

describe('the reasoning of a pool', () => {
  it('says whose signal counted how much and what came of it', () => {
    const described = describePool({
      outcomes: ['rain', 'sun'],
      reference: [0.5, 0.5],
      parts: [
        { author: alice, weight: 1.2, probabilities: [0.71, 0.29] },
        { author: bob, weight: 0, probabilities: [0.55, 0.45] },
      ],
      pool: [0.745, 0.255],
      nameOf: shortId,
    })
    assert.equal(
      described.reasoning,
      'Pool of 2 signals on “rain”: a1a1a1a1 1.20 × .71, b0b0b0b0 0.00 × .55; the reference says .50, the pool .74.',
    )
    assert.deepEqual(described.hypotheses, [
      'a1a1a1a1 says less than it knows: its weight is 1.20',
      'b0b0b0b0 adds nothing to what the others say',
    ])
  })

  it('fits into a statement however many signals and whatever outcomes there are', () => {
    const outcomes = Array.from({ length: 64 }, () => '雨'.repeat(21))
    const probabilities = outcomes.map(() => 1 / 64)
    const parts = Array.from({ length: 32 }, () => ({ author: alice, weight: 2, probabilities }))
    const described = describePool({
      outcomes,
      reference: probabilities,
      parts,
      pool: probabilities,
      nameOf: () => '雨'.repeat(64),
    })
    const statement = { report: null, findings: [], parents: [], ...described }
    assert.ok(statementSchema.safeParse(statement).success)
    assert.match(described.reasoning, / and 22 more; /)
  })
})
