import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, agentIdOf, checkStream, InvariantError } from '@commonweal/protocol'
import * as fc from 'fast-check'
import { toStreamShares } from './stream-shares.ts'

/** Agents whose ids are in the order of their numbers. */
function agentAt(index: number): AgentId {
  return agentIdOf(new Uint8Array(32).fill(index + 1))
}
const [one, other, third] = [agentAt(0), agentAt(1), agentAt(2)]
const owner = agentAt(100)

const anyShares = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 50, size: 'max' })
  .map((shares) => new Map(shares.map((share, index) => [agentAt(index), share])))

describe('shares as a stream', () => {
  it('are always admitted, and pass on exactly what was asked or nothing', () => {
    fc.assert(
      fc.property(anyShares, fc.nat({ max: 8_000 }), (shares, deltaBps) => {
        const streams = toStreamShares(shares, deltaBps)
        assert.ok(checkStream(owner, streams).ok)
        const passedBps = streams.reduce((sum, { bps }) => sum + bps, 0)
        const isPaying = [...shares.values()].some((share) => share > 0)
        assert.equal(passedBps, isPaying ? deltaBps : 0)
      }),
    )
  })

  it('do not depend on the order in which they are given', () => {
    fc.assert(
      fc.property(anyShares, fc.nat({ max: 8_000 }), (shares, deltaBps) => {
        const reversed = new Map([...shares].toReversed())
        assert.deepEqual(toStreamShares(reversed, deltaBps), toStreamShares(shares, deltaBps))
      }),
    )
  })

  it('give what rounding leaves to the greatest remainders, and among equals to the lower id', () => {
    const thirds = new Map([other, third, one].map((agent) => [agent, 1 / 3]))
    assert.deepEqual(toStreamShares(thirds, 1_000), [
      { to: one, bps: 334 },
      { to: other, bps: 333 },
      { to: third, bps: 333 },
    ])
    const uneven = new Map([
      [one, 0.104],
      [other, 0.896],
    ])
    assert.deepEqual(toStreamShares(uneven, 10), [
      { to: one, bps: 1 },
      { to: other, bps: 9 },
    ])
  })

  it('leave out who would get less than one basis point, and all but the 32 greatest', () => {
    const tiny = new Map([
      [one, 0.00001],
      [other, 0.99999],
    ])
    assert.deepEqual(toStreamShares(tiny, 8_000), [{ to: other, bps: 8_000 }])
    const many = new Map(Array.from({ length: 33 }, (_, index) => [agentAt(index), index + 1]))
    const receivers = toStreamShares(many, 8_000).map(({ to }) => to)
    assert.equal(receivers.length, 32)
    assert.ok(!receivers.includes(one))
  })

  it('are never of more than 8 000 basis points', () => {
    assert.throws(() => toStreamShares(new Map([[one, 1]]), 8_001), InvariantError)
    assert.throws(() => toStreamShares(new Map([[one, 1]]), 0.5), InvariantError)
  })
})
