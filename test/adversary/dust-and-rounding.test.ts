import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { treasuryOf } from '@commonweal/protocol'
import { agentOf, type ForecastWorld } from '@commonweal/protocol/testing'
import { createMarket, outcomeIs, paidTo, weightOf } from './forecaster.ts'

/** Six with 100 tokens of weight, and forty more names. */
const HONEST = ['0', '1', '2', '3', '4', '5'] as const
const NAMES = Array.from({ length: 40 }, (_, index) => `${index + 6}`)
const OTHERS = { '0': 6_000, '1': 7_000, '2': 5_000, '3': 4_000, '4': 6_500, '5': 7_500 }

/** Amounts of which a fortieth rounds badly, down to one for which it is nothing. */
const TOTALS_MICRO = [4_000n, 3_999n, 1_237n, 80n, 40n]

function play(
  locksMicro: readonly bigint[],
  names: readonly string[],
  bps: number,
  epochMicro = 60_000_000n,
): ForecastWorld {
  const world = createMarket({
    agents: 46,
    locksMicro: [...HONEST.map(() => 100_000_000n), ...locksMicro],
    forecast: { schedule: { epochMicro, halvingEpochs: 1_000 }, houseWeightMicro: 100_000_001n },
  })
  const mine = Object.fromEntries(names.map((name) => [name, bps]))
  world.playQuestion({ ...OTHERS, ...mine }, outcomeIs(0))
  return world
}

function paidToAll(world: ForecastWorld, names: readonly string[]): bigint {
  return names.reduce((sum, name) => sum + paidTo(world, name), 0n)
}

describe('split a lock into dust', () => {
  for (const bps of [9_000, 1_000]) {
    it(`rounds against every name: ${bps} of 10 000 on what came true`, () => {
      for (const totalMicro of TOTALS_MICRO) {
        const each = totalMicro / 40n
        const rest = totalMicro - 39n * each
        const split = play([rest, ...NAMES.slice(1).map(() => each)], NAMES, bps)
        const whole = play([totalMicro], NAMES.slice(0, 1), bps)
        const [many, one] = [weightOf(split, NAMES), weightOf(whole, NAMES.slice(0, 1))]
        // A name of one micro-unit sits out: it neither wins nor loses.
        if (each >= 2n) assert.ok(many <= one && one - many <= 40n, `${many} ${one}`)
        else assert.ok(many - one <= totalMicro / 2n)
        assert.ok(paidToAll(split, NAMES) <= paidToAll(whole, NAMES.slice(0, 1)))
      }
    })
  }

  it('of one micro-unit each earns and moves nothing at all', () => {
    const world = play(
      NAMES.map(() => 1n),
      NAMES,
      9_000,
    )
    assert.equal(weightOf(world, NAMES), 40n)
    assert.equal(paidToAll(world, NAMES), 0n)
  })
})

describe('split a stream into dust', () => {
  function stream(receivers: readonly string[], epochMicro: bigint): ForecastWorld {
    const world = createMarket({
      agents: 46,
      // Thirty-two receivers are many bytes.
      feeMicro: 10_000n,
      locksMicro: HONEST.map(() => 100_000_000n),
      forecast: { schedule: { epochMicro, halvingEpochs: 1_000 } },
    })
    const bps = 3_200 / receivers.length
    const shares = receivers.map((name) => ({ to: agentOf(name), bps }))
    world.act('0', { kind: 'stream', shares: shares.toSorted((a, b) => (a.to < b.to ? -1 : 1)) })
    world.playQuestion(OTHERS, outcomeIs(0))
    return world
  }

  for (const epochMicro of [60_000_000n, 600_007n, 6_001n, 61n]) {
    it(`brings its receivers no more than one name would get, at ${epochMicro} an epoch`, () => {
      const many = NAMES.slice(0, 32)
      const one = NAMES.slice(0, 1)
      const [split, whole] = [stream(many, epochMicro), stream(one, epochMicro)]
      assert.ok(paidToAll(split, many) <= paidToAll(whole, one))
      // What does not pass on stays where it was; nothing is made or lost on the way.
      const sum = (world: ForecastWorld, names: readonly string[]) =>
        paidToAll(world, names) + paidTo(world, '0')
      assert.equal(sum(split, many), sum(whole, one))
    })
  }

  it('and a cycle between two names brings them what they have without it, to the last micro-unit', () => {
    const pair = ['1', '2'] as const
    for (const epochMicro of [1n, 7n, 61n, 97n, 1_003n, 60_000_001n]) {
      const [cycle, plain] = [true, false].map((isCycle) => {
        const world = createMarket({ forecast: { schedule: { epochMicro, halvingEpochs: 1_000 } } })
        for (const [from, to] of [pair, pair.toReversed()]) {
          assert.ok(from !== undefined && to !== undefined)
          if (isCycle)
            world.act(from, { kind: 'stream', shares: [{ to: agentOf(to), bps: 8_000 }] })
        }
        world.playQuestion(OTHERS, outcomeIs(0))
        return paidToAll(world, pair)
      })
      assert.equal(cycle, plain)
    }
  })
})

describe('open and close a lock of one micro-token over and over', () => {
  it('burns fees, and nothing else happens', () => {
    const world = createMarket({ agents: 7 })
    const [burned, house] = [treasuryOf(world.ledger).burnedMicro, world.market.houseWeightMicro]
    const { balanceMicro } = world.account('6')
    for (let time = 0; time < 20; time += 1) {
      world.block(['6', { kind: 'lock', amountMicro: 1n }], ['6', { kind: 'close-lock' }])
    }
    for (let epoch = 0; epoch < 5; epoch += 1) world.endEpoch()
    const fees = 40n * world.feeMicro
    assert.equal(world.account('6').balanceMicro, balanceMicro - fees)
    assert.equal(treasuryOf(world.ledger).burnedMicro, burned + fees)
    assert.equal(world.market.houseWeightMicro, house)
  })
})
