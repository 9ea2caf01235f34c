import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Cid, TOKEN_MICRO } from '@commonweal/protocol'
import type { ForecastWorld } from '@commonweal/protocol/testing'
import { createMarket, settle } from './forecaster.ts'

/** Six of the ten who may sit are one person's. */
const MINE = ['6', '7', '8', '9', '10', '11'] as const
const ASSERTER = '0'
const DISPUTER = '1'
const BOND_MICRO = 100n * TOKEN_MICRO

/** A dispute whose jurors are called. */
function call(): { readonly world: ForecastWorld; readonly id: Cid } {
  const world = createMarket({ agents: 12, forecast: { jurySizes: [7] } })
  const id = world.ask(0, { resolver: { kind: 'schelling' } })
  world.advanceToStage(id, 'waiting')
  world.advanceTo(world.question(id).resolveHeight - 1)
  world.act(ASSERTER, { kind: 'assert', question: id, outcome: 0 })
  world.act(DISPUTER, { kind: 'dispute', question: id, outcome: 1 })
  world.advance('beacon')
  assert.equal(world.question(id).stage.at, 'disputed')
  return { world, id }
}

/** Everybody else on the jury says what came true. */
function judge(world: ForecastWorld, id: Cid): readonly string[] {
  world.advanceToStage(id, 'jury')
  const jurors = world.lastEvent('jury-drawn').jurors.map((agent) => world.nameOf(agent))
  const honest = jurors.filter((name) => !MINE.some((mine) => mine === name))
  world.block(...honest.map((name) => [name, world.sealVerdict(name, id, 0)] as const))
  while (world.question(id).stage.at === 'jury') {
    const { stage } = world.question(id)
    if (stage.at !== 'jury' || stage.step !== 'reveal') world.block()
    else world.block(...honest.map((name) => [name, world.openVerdict(name, id, 0)] as const))
    if (!world.hasQuestion(id)) break
  }
  if (world.hasQuestion(id)) settle(world, id)
  return jurors.filter((name) => MINE.some((mine) => mine === name))
}

/** Bonds, and what is on its way out of them. */
function stakeOf(world: ForecastWorld, name: string): bigint {
  const { bondMicro, unbonding } = world.account(name)
  return unbonding.reduce((sum, { amountMicro }) => sum + amountMicro, bondMicro)
}

describe('be called, unbond before the jury is drawn, and so make it fail', () => {
  it('costs every seat what silence costs: a tenth of what it was called with', () => {
    const { world, id } = call()
    world.block(...MINE.map((name) => [name, { kind: 'unbond', amountMicro: BOND_MICRO }] as const))
    const sat = judge(world, id)
    // Four of ten are honest, so three or more of seven are not: the jury does fail.
    assert.ok(sat.length >= 3)
    assert.equal(world.lastEvent('question-settled').outcome, null)
    for (const name of MINE) {
      const lost = sat.includes(name) ? BOND_MICRO / 10n : 0n
      assert.equal(stakeOf(world, name), BOND_MICRO - lost)
    }
  })

  it('costs as much as to stay and say nothing', () => {
    const [leaving, silent] = [true, false].map((isLeaving) => {
      const { world, id } = call()
      if (isLeaving) {
        const acts = MINE.map(
          (name) => [name, { kind: 'unbond', amountMicro: BOND_MICRO }] as const,
        )
        world.block(...acts)
      } else world.block()
      judge(world, id)
      return MINE.map((name) => stakeOf(world, name))
    })
    assert.deepEqual(leaving, silent)
  })
})
