import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MOMENTS, measureLedgerGain, streamSwitch } from '@commonweal/bench/attacks'
import { type Cid, streamOf } from '@commonweal/protocol'
import { agentOf, type ForecastWorld } from '@commonweal/protocol/testing'
import { createMarket } from './forecaster.ts'

const WORLDS = { seed: 'stream-switch', worldCount: 20 }
const CUSTOMER = '1'
const HALF = { kind: 'stream', shares: [{ to: agentOf('2'), bps: 5_000 }] } as const
const NOTHING = { kind: 'stream', shares: [] } as const

function promised(world: ForecastWorld, id: Cid) {
  return streamOf(world.ledger, agentOf(CUSTOMER), world.question(id).openHeight)
}

describe('take a stream back when the signal has been had', () => {
  for (const to of ['nobody', 'its own second name'] as const) {
    for (const moment of MOMENTS) {
      it(`to ${to}, ${moment}: changes nothing but a fee that it costs`, () => {
        const gain = measureLedgerGain(streamSwitch({ moment, to }), WORLDS)
        for (const { lo, hi } of [gain.tokens, gain.weight, gain.harm]) {
          assert.deepEqual([lo, hi], [0, 0])
        }
        assert.deepEqual([gain.fees.lo, gain.fees.hi], [2_000, 2_000])
      })
    }

    it(`to ${to}, would take the supplier’s pay if the streams of its settlement counted`, () => {
      const moment = 'a block before settlement'
      const rival = streamSwitch({ moment, to, rule: 'at settlement' })
      const { tokens, harm } = measureLedgerGain(rival, WORLDS)
      assert.ok(tokens.lo > 0 && harm.lo > 0)
      assert.equal(tokens.mean, harm.mean)
    })
  }

  it('is seen where it comes in time: a supplier that looks does not serve for nothing', () => {
    const world = createMarket()
    world.act(CUSTOMER, HALF)
    const id = world.ask(0, { openHeight: 20 })
    world.advanceTo(18)
    assert.deepEqual(promised(world, id), HALF.shares)
    // The last block that counts is the one before it opens.
    world.act(CUSTOMER, NOTHING)
    assert.equal(world.head.height, 19)
    assert.deepEqual(promised(world, id), [])
  })

  it('does not work between two questions: each keeps its own', () => {
    const world = createMarket()
    const ids = [HALF, NOTHING, HALF, NOTHING].map((stream) => {
      world.act(CUSTOMER, stream)
      return world.ask(0)
    })
    const kept = ids.map((id) => promised(world, id).length)
    assert.deepEqual(kept, [1, 0, 1, 0])
  })
})
