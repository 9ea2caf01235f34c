import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Cid, streamOf } from '@commonweal/protocol'
import { agentOf, type ForecastWorld, reporting } from '@commonweal/protocol/testing'
import { createMarket, paidTo, settle, worthOf } from './forecaster.ts'

const CUSTOMER = '1'
const SUPPLIER = '2'
const HALF = { kind: 'stream', shares: [{ to: agentOf(SUPPLIER), bps: 5_000 }] } as const
const NOTHING = { kind: 'stream', shares: [] } as const
/** To another of the customer's names. */
const ELSEWHERE = { kind: 'stream', shares: [{ to: agentOf('5'), bps: 8_000 }] } as const

type Moment = 'never' | 'signal sent' | 'revealed' | 'a block before settlement'

/** The customer promises half, and takes it back at some moment after the supplier has served. */
function play(moment: Moment, change: typeof NOTHING | typeof ELSEWHERE = NOTHING): ForecastWorld {
  const world = createMarket()
  world.act(CUSTOMER, HALF)
  const id = world.ask(0)
  const step = (at: Moment): void => {
    if (moment === at) world.act(CUSTOMER, change)
    else world.block()
  }
  world.advanceTo(world.question(id).openHeight - 1)
  // The supplier looks whether it will be paid, and hands over its signal: the question opens with this block.
  assert.deepEqual(promised(world, id), HALF.shares)
  step('signal sent')
  world.act(CUSTOMER, world.sealStatement(CUSTOMER, id, reporting(9_000)))
  world.advanceToStage(id, 'revealing')
  world.act(CUSTOMER, world.openStatement(CUSTOMER, id, reporting(9_000)))
  step('revealed')
  world.act('0', world.resolution(id))
  while (isOpenEpoch(world)) world.block()
  step('a block before settlement')
  settle(world, id)
  return world
}

function promised(world: ForecastWorld, id: Cid) {
  return streamOf(world.ledger, agentOf(CUSTOMER), world.question(id).openHeight)
}

/** An epoch has eleven heights: whether more than two of this one are to come. */
function isOpenEpoch(world: ForecastWorld): boolean {
  return world.head.height % 11 < 9
}

describe('take a stream back when the signal has been had', () => {
  const honest = play('never')

  for (const moment of ['signal sent', 'revealed', 'a block before settlement'] as const) {
    it(`changes nothing: ${moment}`, () => {
      for (const change of [NOTHING, ELSEWHERE]) {
        const world = play(moment, change)
        assert.ok(paidTo(honest, SUPPLIER) > 0n)
        assert.equal(paidTo(world, SUPPLIER), paidTo(honest, SUPPLIER))
        // It has paid for one transaction, and that is all that came of it.
        const mine = [CUSTOMER, '5']
        assert.equal(worthOf(honest, mine) - worthOf(world, mine), world.feeMicro)
      }
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
