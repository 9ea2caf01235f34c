import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TOKEN_MICRO } from '@commonweal/protocol'
import { type ForecastWorld, reporting } from '@commonweal/protocol/testing'
import { createMarket, paidTo, settle, weightOf } from './forecaster.ts'

const NAMES = ['0', '1', '2', '3', '4', '5'] as const
const LATE_MICRO = 500n * TOKEN_MICRO

/** Agent 5 is right, sees it, and adds five times its lock before the question is settled. */
function play(isAdding: boolean, snapshots: 1 | 2 = 1): ForecastWorld {
  const world = createMarket()
  const openHeight = world.head.height + 2
  const closes = [openHeight + 7, openHeight + 15].slice(0, snapshots)
  const id = world.ask(0, {
    snapshots: closes.map((closeHeight) => ({ closeHeight, weightBps: 10_000 / snapshots })),
    resolveHeight: openHeight + 30,
  })
  const said = (name: string) => reporting(name === '5' ? 9_000 : 5_000)
  for (const [snapshot, closeHeight] of closes.entries()) {
    const seals = NAMES.map(
      (name) => [name, world.sealStatement(name, id, said(name), snapshot)] as const,
    )
    world.block(...seals)
    // With two snapshots it adds between its seals: what it sealed first is what counts.
    if (isAdding && snapshot === 0) world.act('5', { kind: 'lock', amountMicro: LATE_MICRO })
    world.advanceTo(closeHeight)
  }
  const opens = closes.flatMap((_, snapshot) =>
    NAMES.map((name) => [name, world.openStatement(name, id, said(name), snapshot)] as const),
  )
  world.block(...opens)
  world.advanceTo(world.question(id).resolveHeight - 1)
  world.act('0', world.resolution(id))
  settle(world, id)
  return world
}

describe('add weight when the answer is known', () => {
  for (const snapshots of [1, 2] as const) {
    it(`wins not a micro-unit more, over ${snapshots} snapshots`, () => {
      const [late, plain] = [play(true, snapshots), play(false, snapshots)]
      const weights = (world: ForecastWorld) => world.lastEvent('question-settled').weights
      assert.deepEqual(weights(late), weights(plain))
      const won = weightOf(plain, ['5']) - 100n * TOKEN_MICRO
      assert.ok(won > 4n * TOKEN_MICRO)
      assert.equal(weightOf(late, ['5']) - LATE_MICRO - 100n * TOKEN_MICRO, won)
    })
  }

  it('pays less: late weight makes everybody’s part of the emission smaller, its own too', () => {
    const [late, plain] = [play(true), play(false)]
    // 700 tokens of weight are 1200 with it.
    const [before, after] = [paidTo(plain, '5'), paidTo(late, '5')]
    assert.ok(after < before)
    assert.equal(after, (before * 7n) / 12n)
  })

  it('is not free to take back either: the lock comes back after the unbonding time', () => {
    const world = play(true)
    assert.equal(world.codeOf('5', { kind: 'close-lock' }), 'ok')
    const { epoch } = world.head
    const before = world.account('5').balanceMicro
    while (world.account('5').balanceMicro === before) world.block()
    assert.equal(world.head.epoch, epoch + 4)
    assert.equal(world.account('5').balanceMicro - before, 600n * TOKEN_MICRO)
  })

  it('cannot be undone by who was wrong: its lock stays shut until it has lost', () => {
    const world = createMarket()
    const id = world.ask(0)
    world.advanceTo(world.question(id).openHeight - 1)
    world.act('5', world.sealStatement('5', id, reporting(100)))
    const shut = (): void =>
      assert.equal(world.codeOf('5', { kind: 'close-lock' }), 'unsettled-statements')
    shut()
    world.advanceToStage(id, 'revealing')
    shut()
    world.act('5', world.openStatement('5', id, reporting(100)))
    shut()
    world.act('0', world.resolution(id))
    if (world.hasQuestion(id)) shut()
    settle(world, id)
    assert.equal(world.codeOf('5', { kind: 'lock', amountMicro: 1n }), 'ok')
    // The floor against one half of the house, each with 40 tokens at stake: half of .42 of that is lost.
    const lost = 100n * TOKEN_MICRO - (weightOf(world, ['5']) - 1n)
    assert.ok(lost > 8n * TOKEN_MICRO && lost < 9n * TOKEN_MICRO, `${lost}`)
  })
})
