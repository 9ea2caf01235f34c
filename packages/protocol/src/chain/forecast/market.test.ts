import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { sumBigint } from '../../integer.ts'
import { treasuryOf } from '../../ledger/money.ts'
import { agentOf, ForecastWorld, reporting } from '../../testing/index.ts'
import { streams, unsettled } from './market.ts'

const NAMES = ['0', '1', '2', '3', '4'] as const

function totalWeight(world: ForecastWorld): bigint {
  return (
    world.market.houseWeightMicro + sumBigint(NAMES.map((name) => world.lock(name).weightMicro))
  )
}

describe('a question of the market', () => {
  it('moves weight to the better reports and pays for them, down to the last micro-unit', () => {
    const world = new ForecastWorld()
    const before = NAMES.map((name) => world.account(name).balanceMicro)
    const issued = treasuryOf(world.ledger).issuedMicro
    const id = world.playQuestion({ '0': 5_000, '1': 9_000, '2': 7_000, '3': 4_000, '4': 1_000 })
    assert.equal(world.hasQuestion(id), false)
    assert.equal(totalWeight(world), 5_500_000n)
    assert.ok(world.lock('1').weightMicro > world.lock('2').weightMicro)
    assert.ok(world.lock('4').weightMicro < 1_000_000n)
    const emission = world.lastEvent('emission-settled')
    const paid = sumBigint(emission.nets.map(({ amountMicro }) => amountMicro))
    assert.equal(paid + emission.unmintedMicro, emission.emissionMicro)
    assert.equal(treasuryOf(world.ledger).issuedMicro - issued, paid)
    assert.ok(emission.payments.every(({ source }) => source === id))
    // Two transactions: its seal, and what opens it.
    const spentMicro = 2n * world.feeMicro
    const gainMicro = world.account('1').balanceMicro - (before[1] ?? 0n) + spentMicro
    const net = emission.nets.find(({ agent }) => agent === agentOf('1'))
    assert.equal(gainMicro, net?.amountMicro)
  })

  it('conserves weight exactly and pays at most the emission, whatever is said', () => {
    const bps = fc.option(fc.integer({ min: 100, max: 9_900 }), { freq: 6 })
    const said = fc.record(
      { '0': bps, '1': bps, '2': bps, '3': bps, '4': bps },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(said, { minLength: 1, maxLength: 3 }), (rounds) => {
        const world = new ForecastWorld()
        for (const round of rounds) {
          world.playQuestion(round)
          assert.equal(totalWeight(world), 5_500_000n)
          const { nets, unmintedMicro, emissionMicro } = world.lastEvent('emission-settled')
          assert.equal(
            sumBigint(nets.map(({ amountMicro }) => amountMicro)) + unmintedMicro,
            emissionMicro,
          )
        }
        assert.deepEqual([...unsettled.entries(world.ledger)], [])
      }),
      { numRuns: 25 },
    )
  })

  it('tells in which order statements were sealed, whatever the order in which they are opened', () => {
    const world = new ForecastWorld()
    const id = world.ask(0)
    world.advanceTo(world.question(id).openHeight - 1)
    const said = reporting(6_000)
    for (const name of ['3', '1', '2']) world.act(name, world.sealStatement(name, id, said))
    world.advanceToStage(id, 'revealing')
    for (const name of ['1', '2', '3']) world.act(name, world.openStatement(name, id, said))
    const orders = world.events.flatMap((event) =>
      event.kind === 'statement-opened' ? [[world.nameOf(event.author), event.order]] : [],
    )
    assert.deepEqual(orders, [
      ['1', 1],
      ['2', 2],
      ['3', 0],
    ])
  })

  it('scores who keeps a report back like the worst, takes its bond and pays it nothing', () => {
    const said = { '0': 6_000, '1': 6_000, '2': 6_000, '3': 6_000 }
    const silent = new ForecastWorld()
    silent.playQuestion({ ...said, '4': null })
    const worst = new ForecastWorld()
    worst.playQuestion({ ...said, '4': 100 })
    assert.equal(silent.lock('4').weightMicro, worst.lock('4').weightMicro)
    const slashed = silent.lastEvent('slashed')
    assert.deepEqual([slashed.agent, slashed.offence], [agentOf('4'), 'statement-not-opened'])
    const paid = silent.lastEvent('emission-settled').payments.map(({ agent }) => agent)
    assert.ok(!paid.includes(agentOf('4')) && paid.includes(agentOf('3')))
  })

  it('lets nobody add weight once it has sealed', () => {
    const play = (isAdding: boolean): ForecastWorld => {
      const world = new ForecastWorld()
      const id = world.ask(0)
      world.advanceTo(world.question(id).openHeight - 1)
      for (const name of NAMES) world.act(name, world.sealStatement(name, id, reporting(6_000)))
      if (isAdding) world.act('1', { kind: 'lock', amountMicro: 400_000_000n })
      else world.block()
      world.advanceToStage(id, 'revealing')
      world.block(
        ...NAMES.map((name) => [name, world.openStatement(name, id, reporting(6_000))] as const),
      )
      world.advanceTo(world.question(id).resolveHeight - 1)
      world.act(0, world.resolution(id))
      if (world.hasQuestion(id)) world.endEpoch()
      return world
    }
    const [added, plain] = [play(true), play(false)]
    const weightsOf = (world: ForecastWorld) => world.lastEvent('question-settled').weights
    assert.deepEqual(weightsOf(added), weightsOf(plain))
    assert.equal(added.lock('1').weightMicro - plain.lock('1').weightMicro, 400_000_000n)
  })

  it('is void when nobody resolves it in time, and then nothing moves', () => {
    const world = new ForecastWorld()
    const id = world.ask(0)
    world.advanceTo(world.question(id).openHeight - 1)
    world.act('1', world.sealStatement('1', id, reporting(9_000)))
    world.advanceToStage(id, 'revealing')
    world.act('1', world.openStatement('1', id, reporting(9_000)))
    while (world.hasQuestion(id)) world.block()
    const settled = world.lastEvent('question-settled')
    assert.equal(settled.outcome, null)
    assert.equal(world.lock('1').weightMicro, 1_000_000n)
  })

  it('that a stranger asks is gone, with its bond, unless the validators admit it in time', () => {
    const world = new ForecastWorld()
    const farmed = world.ask('3', { openHeight: 20 })
    const admitted = world.ask('4', { openHeight: 22 })
    for (const name of ['0', '1', '2', '3'] as const) {
      assert.equal(world.question(admitted).stage.at, 'proposed')
      world.act(name, { kind: 'admit', question: admitted })
    }
    assert.equal(world.question(admitted).stage.at, 'open')
    world.advanceTo(19)
    assert.equal(world.hasQuestion(farmed), false)
    assert.equal(world.lastEvent('question-lapsed').question, farmed)
    assert.equal(
      world.codeOf('1', world.sealStatement('1', farmed, reporting(9_900))),
      'unknown-question',
    )
    world.advanceTo(21)
    assert.equal(world.codeOf('1', world.sealStatement('1', admitted, reporting(9_000))), 'ok')
  })
})

describe('streams', () => {
  it('that change after a question opened do not touch its pay', () => {
    const play = (isChanging: boolean): readonly unknown[] => {
      const world = new ForecastWorld()
      world.act('1', { kind: 'stream', shares: [{ to: agentOf('2'), bps: 5_000 }] })
      const id = world.ask(0)
      world.advanceTo(world.question(id).openHeight - 1)
      world.act('1', world.sealStatement('1', id, reporting(9_000)))
      world.advanceToStage(id, 'revealing')
      world.act('1', world.openStatement('1', id, reporting(9_000)))
      world.advanceTo(world.question(id).resolveHeight - 2)
      if (isChanging) world.act('1', { kind: 'stream', shares: [] })
      else world.block()
      world.act(0, world.resolution(id))
      if (world.hasQuestion(id)) world.endEpoch()
      const { nets, transfers } = world.lastEvent('emission-settled')
      assert.ok(transfers.length > 0)
      return nets.map(({ agent, amountMicro }) => ({ agent, amountMicro }))
    }
    assert.deepEqual(play(true), play(false))
  })

  it('of one block leave the last of them, and of those that no question needs nothing is kept', () => {
    const world = new ForecastWorld()
    const to = (bps: number) => ({ kind: 'stream', shares: [{ to: agentOf('2'), bps }] }) as const
    const kept = () => streams.find(world.ledger, agentOf('1'))?.map(({ shares }) => shares[0]?.bps)
    world.block(['1', to(1)], ['1', to(2)])
    assert.deepEqual(kept(), [2])
    world.act('1', to(3))
    assert.deepEqual(kept(), [3])
    world.ask(0)
    world.block()
    world.block(['1', to(4)], ['1', to(5)])
    assert.deepEqual(kept(), [3, 5])
  })

  it('are told with the height from which they count: the one after the block that takes them', () => {
    const world = new ForecastWorld()
    const shares = [{ to: agentOf('2'), bps: 5_000 }]
    world.act('1', { kind: 'stream', shares })
    const { agent, fromHeight, ...told } = world.lastEvent('stream-set')
    assert.deepEqual(
      [agent, fromHeight, told.shares],
      [agentOf('1'), world.head.height + 1, shares],
    )
  })
})

describe('locks', () => {
  it('give back what is left of them after their time, and burn what was lost', () => {
    const world = new ForecastWorld()
    world.playQuestion({ '1': 9_000, '2': 9_000, '3': 9_000, '4': 100 })
    const { weightMicro, lockedMicro } = world.lock('4')
    assert.ok(weightMicro < lockedMicro)
    const burned = treasuryOf(world.ledger).burnedMicro
    world.act('4', { kind: 'close-lock' })
    assert.equal(
      treasuryOf(world.ledger).burnedMicro - burned,
      lockedMicro - weightMicro + 100_000n,
    )
    const balance = world.account('4').balanceMicro
    for (let epoch = 0; epoch < 4; epoch++) world.endEpoch()
    assert.equal(world.account('4').balanceMicro - balance, weightMicro)
  })

  it('leave to the house what was won beyond them', () => {
    const world = new ForecastWorld()
    world.playQuestion({ '1': 9_000, '2': 9_000, '3': 9_000, '4': 100 })
    const { weightMicro, lockedMicro } = world.lock('1')
    const before = world.market
    assert.equal(world.codeOf('1', { kind: 'close-lock' }), 'ok')
    assert.equal(world.market.houseWeightMicro - before.houseWeightMicro, weightMicro - lockedMicro)
    // Of which emission is a part: as much weight has ended as tokens come back.
    assert.equal(before.totalWeightMicro - world.market.totalWeightMicro, lockedMicro)
    const rest = sumBigint(['0', '2', '3', '4'].map((name) => world.lock(name).weightMicro))
    assert.equal(world.market.totalWeightMicro, world.market.houseWeightMicro + rest)
    assert.equal(world.codeOf('1', { kind: 'close-lock' }), 'no-lock')
  })

  it('stay shut while a statement of theirs is not settled', () => {
    const world = new ForecastWorld()
    const id = world.ask(0)
    world.advanceTo(world.question(id).openHeight - 1)
    world.act('1', world.sealStatement('1', id, reporting(9_000)))
    assert.equal(world.codeOf('1', { kind: 'close-lock' }), 'unsettled-statements')
  })
})
