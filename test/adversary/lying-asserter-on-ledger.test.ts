import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Cid, TOKEN_MICRO, treasuryOf } from '@commonweal/protocol'
import { type ForecastWorld, reporting } from '@commonweal/protocol/testing'
import { createMarket, paidTo, settle, weightOf, worthOf } from './forecaster.ts'

const FORECASTERS = ['0', '1', '2', '3', '4', '5'] as const
/** Reports what is not so, and asserts it under another name that holds no weight. */
const ACCOMPLICE = '5'
const LIAR = '6'
const WITNESS = '7'

/** Six forecast a question that people answer, ten more hold bonds. The second outcome comes true. */
function ask(): { readonly world: ForecastWorld; readonly id: Cid } {
  const world = createMarket({ agents: 16, forecast: { disputeEpochs: 2 } })
  const id = world.ask(0, { resolver: { kind: 'schelling' } })
  world.advanceTo(world.question(id).openHeight - 1)
  const said = (name: string) => reporting(name === ACCOMPLICE ? 9_900 : 2_000)
  world.block(
    ...FORECASTERS.map((name) => [name, world.sealStatement(name, id, said(name))] as const),
  )
  world.advanceToStage(id, 'revealing')
  world.block(
    ...FORECASTERS.map((name) => [name, world.openStatement(name, id, said(name))] as const),
  )
  world.advanceTo(world.question(id).resolveHeight - 1)
  return { world, id }
}

/** All jurors say what came true. */
function judge(world: ForecastWorld, id: Cid): void {
  world.advanceToStage(id, 'jury')
  const jurors = world.lastEvent('jury-drawn').jurors.map((agent) => world.nameOf(agent))
  world.block(...jurors.map((name) => [name, world.sealVerdict(name, id, 1)] as const))
  world.block(...jurors.map((name) => [name, world.openVerdict(name, id, 1)] as const))
}

describe('assert what did not come true', () => {
  it('pays nobody and moves no weight while it is asserted, disputed and judged', () => {
    const { world, id } = ask()
    const before = { issued: treasuryOf(world.ledger).issuedMicro, weights: weightsOf(world) }
    const seen = new Set<string>()
    const watch = (): void => {
      seen.add(world.question(id).stage.at)
      assert.equal(treasuryOf(world.ledger).issuedMicro, before.issued)
      assert.deepEqual(weightsOf(world), before.weights)
    }
    const { epoch } = world.head
    world.act(LIAR, { kind: 'assert', question: id, outcome: 0 })
    watch()
    // It waits to the end of the second epoch after that of the assertion.
    while (world.head.epoch < epoch + 2) {
      world.block()
      watch()
    }
    world.act(WITNESS, { kind: 'dispute', question: id, outcome: 1 })
    watch()
    while (world.question(id).stage.at !== 'jury') {
      world.block()
      watch()
    }
    judge(world, id)
    if (world.hasQuestion(id)) watch()
    assert.deepEqual([...seen].slice(0, 3), ['asserted', 'disputed', 'jury'])
    settle(world, id)
    assert.equal(world.lastEvent('question-settled').outcome, 1)
    assert.ok(treasuryOf(world.ledger).issuedMicro > before.issued)
  })

  it('loses the bond, and half of it goes to who said so; the accomplice loses weight', () => {
    const { world, id } = ask()
    const before = [LIAR, WITNESS].map((name) => world.account(name).balanceMicro)
    world.act(LIAR, { kind: 'assert', question: id, outcome: 0 })
    world.act(WITNESS, { kind: 'dispute', question: id, outcome: 1 })
    judge(world, id)
    settle(world, id)
    const after = [LIAR, WITNESS].map((name) => world.account(name).balanceMicro)
    const gains = after.map((micro, index) => micro - (before[index] ?? 0n) + world.feeMicro)
    assert.deepEqual(gains.slice(0, 1), [-50n * TOKEN_MICRO])
    assert.ok((gains[1] ?? 0n) >= 25n * TOKEN_MICRO)
    // Two jurors risk 10 tokens each, so 40 are at stake, a seventh of it each; usefulness 0 against a mean of .8.
    const lost = 100n * TOKEN_MICRO - weightOf(world, [ACCOMPLICE])
    assert.ok(lost > 2_200_000n && lost < 2_400_000n, `${lost}`)
    assert.ok(worthOf(world, [ACCOMPLICE]) < worthOf(world, ['1']))
    assert.ok(paidTo(world, ACCOMPLICE) < paidTo(world, '1'))
  })

  it('and to dispute oneself with another lie loses both bonds', () => {
    const { world, id } = threeOutcomes()
    const mine = [LIAR, WITNESS]
    const before = mine.reduce((sum, name) => sum + world.account(name).balanceMicro, 0n)
    world.act(LIAR, { kind: 'assert', question: id, outcome: 0 })
    world.act(WITNESS, { kind: 'dispute', question: id, outcome: 2 })
    // The place is taken; the jury says what came true all the same.
    assert.equal(world.codeOf('8', { kind: 'dispute', question: id, outcome: 1 }), 'wrong-stage')
    judge(world, id)
    settle(world, id)
    assert.equal(world.lastEvent('question-settled').outcome, 1)
    const after = mine.reduce((sum, name) => sum + world.account(name).balanceMicro, 0n)
    assert.equal(before - after, 100n * TOKEN_MICRO + 2n * world.feeMicro)
  })

  it('known limit: what nobody disputes stands. One who looks has 25 tokens to win for every lie', () => {
    const { world, id } = ask()
    world.act(LIAR, { kind: 'assert', question: id, outcome: 0 })
    settle(world, id)
    assert.equal(world.lastEvent('question-settled').outcome, 0)
  })
})

function threeOutcomes(): { readonly world: ForecastWorld; readonly id: Cid } {
  const world = createMarket({ agents: 16 })
  const id = world.ask(0, {
    outcomes: ['no', 'yes', 'perhaps'],
    referenceBps: [3_000, 3_000, 4_000],
    resolver: { kind: 'schelling' },
  })
  world.advanceToStage(id, 'waiting')
  world.advanceTo(world.question(id).resolveHeight - 1)
  return { world, id }
}

function weightsOf(world: ForecastWorld): readonly bigint[] {
  return [world.market.houseWeightMicro, ...FORECASTERS.map((name) => world.lock(name).weightMicro)]
}
