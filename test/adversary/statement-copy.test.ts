import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { copiedStatement, type LedgerGain, measureLedgerGain } from '@commonweal/bench/attacks'
import { type Cid, TOKEN_MICRO } from '@commonweal/protocol'
import { type ForecastWorld, reporting } from '@commonweal/protocol/testing'
import { createMarket } from './forecaster.ts'

const EXPERT = '1'
const COPIER = '5'
const GOOD = reporting(9_500)

/** The copier sends the expert's seal as its own, and waits for it to be opened. */
function copy(): { readonly world: ForecastWorld; readonly id: Cid } {
  const world = createMarket()
  const id = world.ask(0)
  world.advanceTo(world.question(id).openHeight - 1)
  const sealed = world.sealStatement(EXPERT, id, GOOD)
  world.act(EXPERT, sealed)
  assert.equal(world.codeOf(COPIER, sealed), 'ok')
  world.advanceToStage(id, 'revealing')
  world.act(EXPERT, world.openStatement(EXPERT, id, GOOD))
  return { world, id }
}

function measure(way: Parameters<typeof copiedStatement>[0]): LedgerGain {
  return measureLedgerGain(copiedStatement(way), { seed: 'copier', worldCount: 20 })
}

describe('copy a sealed statement', () => {
  it('opens with nothing: not with the salt of the expert, not with its own, not with another report', () => {
    const { world, id } = copy()
    const tries = [
      world.openStatement(EXPERT, id, GOOD),
      world.openStatement(COPIER, id, GOOD),
      world.openStatement(COPIER, id, reporting(5_000)),
    ]
    const codes = tries.map((body) => world.codeOf(COPIER, body))
    assert.deepEqual(codes, ['wrong-reveal', 'wrong-reveal', 'wrong-reveal'])
  })

  it('costs the bond, the pay and weight, to the gain of the others', () => {
    const { tokens, weight, harm } = measure('seal of another')
    assert.ok(weight.hi < -15 * Number(TOKEN_MICRO))
    // A lock is worth what is left of its weight, and there was pay to lose.
    assert.ok(tokens.hi < weight.mean - Number(TOKEN_MICRO))
    assert.ok(harm.hi < 0)
  })

  it('leaves who waits until others have opened without pay', () => {
    const { tokens } = measure('waits for others')
    assert.ok(tokens.hi < 0)
  })

  it('comes too late once there is something to read', () => {
    const world = createMarket()
    const id = world.ask(0, { snapshots: [{ closeHeight: 9, weightBps: 10_000 }] })
    world.act(EXPERT, world.sealStatement(EXPERT, id, GOOD))
    // All seals stay shut until nobody can seal any more.
    assert.equal(world.codeOf(EXPERT, world.openStatement(EXPERT, id, GOOD)), 'wrong-stage')
    world.advanceToStage(id, 'revealing')
    world.act(EXPERT, world.openStatement(EXPERT, id, GOOD))
    assert.equal(world.codeOf(COPIER, world.sealStatement(COPIER, id, GOOD)), 'wrong-stage')
  })

  it('does not work over questions and snapshots either: both are in the digest', () => {
    const world = createMarket()
    const closes = [
      { closeHeight: 12, weightBps: 5_000 },
      { closeHeight: 20, weightBps: 5_000 },
    ]
    const [first, second] = [world.ask(0, { snapshots: closes, resolveHeight: 21 }), world.ask(0)]
    const old = world.sealStatement(EXPERT, first, GOOD)
    assert.equal(old.kind, 'seal-statement')
    world.advanceTo(world.question(second).openHeight - 1)
    world.act(EXPERT, old)
    if (old.kind === 'seal-statement') {
      world.act(EXPERT, { ...old, snapshot: 1 })
      world.act(EXPERT, { ...old, question: second })
    }
    world.advanceToStage(second, 'revealing')
    const opened = world.openStatement(EXPERT, first, GOOD)
    assert.ok(opened.kind === 'reveal-statement')
    assert.equal(world.codeOf(EXPERT, { ...opened, question: second }), 'wrong-reveal')
    world.advanceToStage(first, 'revealing')
    assert.equal(world.codeOf(EXPERT, { ...opened, snapshot: 1 }), 'wrong-reveal')
    assert.equal(world.codeOf(EXPERT, opened), 'ok')
  })
})
