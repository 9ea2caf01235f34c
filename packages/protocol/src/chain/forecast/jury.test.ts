import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { slash } from '../../ledger/money.ts'
import { agentOf, ForecastWorld } from '../../testing/index.ts'

describe('a disputed assertion', () => {
  function dispute(world: ForecastWorld): ReturnType<ForecastWorld['ask']> {
    const id = world.ask(0, { resolver: { kind: 'schelling' } })
    world.advanceToStage(id, 'waiting')
    world.advanceTo(world.question(id).resolveHeight - 1)
    assert.equal(world.codeOf('5', { kind: 'assert', question: id, outcome: 1 }), 'ok')
    assert.equal(world.codeOf('6', { kind: 'dispute', question: id, outcome: 1 }), 'same-outcome')
    assert.equal(world.codeOf('6', { kind: 'dispute', question: id, outcome: 0 }), 'ok')
    return id
  }

  function jurorsOf(world: ForecastWorld): readonly string[] {
    return world.lastEvent('jury-drawn').jurors.map((agent) => world.nameOf(agent))
  }

  it('is decided by a jury: the liar pays the other, jurors who said otherwise pay those who agreed', () => {
    const world = new ForecastWorld({ agents: 12, locksMicro: [1_000_000n] })
    const id = dispute(world)
    world.advanceToStage(id, 'jury')
    const jurors = jurorsOf(world)
    assert.equal(jurors.length, 3)
    assert.ok(!jurors.includes('5') && !jurors.includes('6'))
    const [liar] = jurors
    const said = (name: string): number => (name === liar ? 1 : 0)
    world.block(...jurors.map((name) => [name, world.sealVerdict(name, id, said(name))] as const))
    world.block(...jurors.map((name) => [name, world.openVerdict(name, id, said(name))] as const))
    // Two of three are 66 %.
    assert.equal(world.lastEvent('jury-tallied').outcome, 0)
    assert.equal(world.account(liar ?? '').bondMicro, 90_000_000n)
    assert.equal(world.account(jurors[1] ?? '').bondMicro, 105_000_000n)
    const balance = (name: string): bigint => world.account(name).balanceMicro
    // One act of 6 was refused, and cost its fee.
    assert.equal(balance('6') - balance('5'), 75_000_000n - world.feeMicro)
    const settled = world.lastEvent('dispute-settled')
    assert.deepEqual(
      [settled.outcome, settled.asserterMicro, settled.disputerMicro],
      [0, 0n, 75_000_000n],
    )
    assert.deepEqual(
      settled.jurors.map(({ agent, lostMicro, gainedMicro }) => [
        world.nameOf(agent) === liar,
        lostMicro,
        gainedMicro,
      ]),
      settled.jurors.map(({ agent }) =>
        world.nameOf(agent) === liar ? [true, 10_000_000n, 0n] : [false, 0n, 5_000_000n],
      ),
    )
    if (world.hasQuestion(id)) world.endEpoch()
    assert.equal(world.lastEvent('question-settled').outcome, 0)
  })

  it('goes to a larger jury when the first is split or silent, and is void when the last is too', () => {
    const world = new ForecastWorld({ agents: 20, locksMicro: [1_000_000n] })
    const id = dispute(world)
    for (const round of [1, 2]) {
      world.advanceToStage(id, 'jury')
      const jurors = jurorsOf(world)
      assert.equal(jurors.length, round === 1 ? 3 : 5)
      const [first] = jurors
      assert.equal(world.codeOf(first ?? '', world.sealVerdict(first ?? '', id, 0, round)), 'ok')
      while (world.hasQuestion(id) && world.question(id).stage.at === 'jury') world.block()
    }
    if (world.hasQuestion(id)) world.endEpoch()
    assert.equal(world.lastEvent('question-settled').outcome, null)
  })

  it('leaves the seat of one empty whom slashing has left less than it would risk, and waits for nobody there', () => {
    const drawn = (ppm: bigint) => {
      const world = new ForecastWorld({ locksMicro: [1_000_000n], forecast: { jurySizes: [3] } })
      const id = world.ask(0, { resolver: { kind: 'schelling' } })
      world.advanceToStage(id, 'waiting')
      world.advanceTo(world.question(id).resolveHeight - 1)
      world.act('3', { kind: 'assert', question: id, outcome: 1 })
      world.act('4', { kind: 'dispute', question: id, outcome: 0 })
      world.advance('beacon')
      const draft = { ledger: world.ledger }
      slash(draft, { agent: agentOf('0'), ppm, reporter: null })
      world.ledger = draft.ledger
      world.advanceToStage(id, 'jury')
      assert.deepEqual(jurorsOf(world).toSorted(), ['0', '1', '2'])
      const code = world.codeOf('0', world.sealVerdict('0', id, 0))
      world.block(...['1', '2'].map((name) => [name, world.sealVerdict(name, id, 0)] as const))
      world.block(...['1', '2'].map((name) => [name, world.openVerdict(name, id, 0)] as const))
      if (world.hasQuestion(id)) world.endEpoch()
      return { code, outcome: world.lastEvent('jury-tallied').outcome, world }
    }
    // Nine of a hundred tokens are left, and ten would be at risk.
    const empty = drawn(910_000n)
    assert.deepEqual([empty.code, empty.outcome], ['not-a-juror', 0])
    assert.equal(empty.world.account('0').bondMicro, 9_000_000n)
    const taken = drawn(900_000n)
    assert.equal(taken.code, 'ok')
    assert.equal(taken.world.account('0').bondMicro, 0n)
  })

  it('is void where too few may sit', () => {
    const world = new ForecastWorld({ agents: 8, forecast: { jurySizes: [7] } })
    const id = dispute(world)
    while (world.hasQuestion(id)) world.block()
    assert.equal(world.lastEvent('question-settled').outcome, null)
  })

  it('may be disputed for eight heights at least, however short epochs are', () => {
    const world = new ForecastWorld({ agents: 8 })
    const id = world.ask(0, { resolver: { kind: 'schelling' } })
    world.advanceToStage(id, 'waiting')
    world.advanceTo(world.question(id).resolveHeight - 1)
    world.endEpoch()
    world.act('5', { kind: 'assert', question: id, outcome: 1 })
    const { height, epoch } = world.head
    const heights: number[] = []
    // An epoch of four blocks: all shares come as soon as they may.
    for (let count = 0; count < 4 && world.hasQuestion(id); count += 1) {
      world.advance('seal')
      const names = world.validators()
      world.block(...names.map((name) => [name, world.closeShare(name, 'beacon')] as const))
      world.advance('beacon')
      world.block(...names.map((name) => [name, world.openShare(name, 'beacon')] as const))
      heights.push(world.head.height - height)
    }
    assert.ok(world.head.epoch > epoch + 2, `${heights}`)
    assert.equal(world.hasQuestion(id), false)
    assert.ok((heights.at(-2) ?? 8) < 8 && (heights.at(-1) ?? 0) >= 8, `${heights}`)
  })

  it('never comes about where nobody disputes in time', () => {
    const world = new ForecastWorld({ agents: 8 })
    const id = world.ask(0, { resolver: { kind: 'schelling' } })
    world.advanceToStage(id, 'waiting')
    world.advanceTo(world.question(id).resolveHeight - 1)
    const { balanceMicro } = world.account('5')
    world.act('5', { kind: 'assert', question: id, outcome: 1 })
    while (world.hasQuestion(id)) world.block()
    assert.equal(world.lastEvent('question-settled').outcome, 1)
    assert.equal(balanceMicro - world.account('5').balanceMicro, 100_000n)
  })
})
