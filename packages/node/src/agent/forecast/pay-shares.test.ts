import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, agentIdOf } from '@commonweal/protocol'
import * as fc from 'fast-check'
import { computePayShares, noRecords, type PayRecords, stepPay } from './pay-shares.ts'

/** Agents whose ids are in the order of their numbers. */
function agentAt(index: number): AgentId {
  return agentIdOf(new Uint8Array(32).fill(index + 1))
}
const [one, other, third] = [agentAt(0), agentAt(1), agentAt(2)]

describe('pay records', () => {
  it('are moving means of credit, of its variance and of the score', () => {
    const first = stepPay(noRecords, new Map([[one, { credit: 1, score: 2 }]])).get(one)
    assert.deepEqual(first, { credit: 0.02, variance: 0.02, score: 0.04 })
    const second = stepPay(
      new Map([[one, { credit: 0.5, variance: 0.1, score: 0.2 }]]),
      new Map([[one, { credit: 1.5, score: -0.3 }]]),
    ).get(one)
    assert.ok(second !== undefined)
    near(second.credit, 0.98 * 0.5 + 0.02 * 1.5)
    near(second.variance, 0.98 * 0.1 + 0.02 * 1)
    near(second.score, 0.98 * 0.2 - 0.02 * 0.3)
  })

  it('fade for who does not earn, but a debt does not', () => {
    const records: PayRecords = new Map([
      [one, { credit: 0.5, variance: 0.1, score: 0.2 }],
      [other, { credit: -0.5, variance: 0.1, score: 0.2 }],
    ])
    const next = stepPay(records, new Map())
    assert.ok((next.get(one)?.credit ?? 1) < 0.5)
    assert.deepEqual(next.get(other), records.get(other))
  })
})

describe('shares of pay', () => {
  it('are none while nobody is certain to have added anything', () => {
    assert.equal(computePayShares(noRecords).size, 0)
    const unsure = { credit: 0.01, variance: 1, score: 1 }
    assert.equal(computePayShares(new Map([[one, unsure]])).size, 0)
    const debtor = { credit: -0.01, variance: 0, score: 1 }
    assert.equal(computePayShares(new Map([[one, debtor]])).size, 0)
  })

  it('are seven tenths by certain credit and three by score', () => {
    const shares = computePayShares(
      new Map([
        [one, { credit: 0.3, variance: 0, score: 0.1 }],
        [other, { credit: 0.1, variance: 0, score: 0.3 }],
        [third, { credit: -0.4, variance: 0, score: -0.4 }],
      ]),
    )
    near(shares.get(one) ?? 0, 0.7 * 0.75 + 0.3 * 0.25)
    near(shares.get(other) ?? 0, 0.7 * 0.25 + 0.3 * 0.75)
    assert.equal(shares.has(third), false)
  })

  it('take a standard error off the credit', () => {
    const variance = 0.04
    const shares = computePayShares(
      new Map([
        [one, { credit: 0.3, variance, score: 0 }],
        [other, { credit: 0.3, variance: 0, score: 0 }],
      ]),
    )
    const certain = 0.3 - Math.sqrt((variance * 0.02) / 1.98)
    near(shares.get(one) ?? 0, certain / (certain + 0.3))
  })

  it('sum to 1 or are none, and are above 0', () => {
    const number = fc.double({ min: -3, max: 3, noNaN: true })
    const record = fc.record({ credit: number, variance: number.map(Math.abs), score: number })
    fc.assert(
      fc.property(fc.array(record, { maxLength: 40 }), (list) => {
        const shares = [
          ...computePayShares(new Map(list.map((each, index) => [agentAt(index), each]))).values(),
        ]
        const sum = shares.reduce((total, share) => total + share, 0)
        assert.ok(shares.length === 0 || Math.abs(sum - 1) < 1e-12)
        assert.ok(shares.every((share) => share > 0))
      }),
    )
  })
})

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, not ${expected}`)
}
