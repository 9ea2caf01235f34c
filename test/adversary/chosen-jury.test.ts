import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, type Cid, TOKEN_MICRO, type TransactionBody } from '@commonweal/protocol'
import type { ForecastWorld } from '@commonweal/protocol/testing'
import { createMarket } from './forecaster.ts'

const WORLDS = 12
/** Three of the ten who may sit; the last of them opens its share last. */
const MINE = ['9', '10', '11'] as const
const LAST = '11'

/** Each of its names bonds up to as much again as it has, in steps of a quarter. */
const STEPS = [0n, 25n, 50n, 75n, 100n]
const BONDS: readonly Bonds[] = STEPS.flatMap((a) =>
  STEPS.flatMap((b) => STEPS.map((c) => [a, b, c].map((tokens) => tokens * TOKEN_MICRO))),
)

interface Waiting {
  readonly world: ForecastWorld
  /** An assertion that may still be disputed. */
  readonly later: Cid
}

/** A dispute that waits for its jury, with every share open but one. */
function wait(seed: number): Waiting {
  const world = createMarket({
    agents: 12,
    genesis: { name: `chosen ${seed}` },
    forecast: { jurySizes: [3] },
  })
  const id = world.ask(0, { resolver: { kind: 'schelling' } })
  const later = world.ask(0, { resolver: { kind: 'schelling' } })
  world.advanceToStage(later, 'waiting')
  world.advanceTo(world.question(later).resolveHeight)
  for (const question of [id, later]) world.act('7', { kind: 'assert', question, outcome: 1 })
  world.act('8', { kind: 'dispute', question: id, outcome: 0 })
  world.advance('seal')
  const names = world.validators()
  world.block(...names.map((name) => [name, world.closeShare(name, 'beacon')] as const))
  world.advance('beacon')
  const others = names.filter((name) => name !== LAST)
  world.block(...others.map((name) => [name, world.openShare(name, 'beacon')] as const))
  assert.equal(world.question(id).stage.at, 'disputed')
  return { world, later }
}

/** How much more each of its names bonds, in the block that opens the last share. */
type Bonds = readonly bigint[]

/** The jury that is drawn with it. */
function juryWith(world: ForecastWorld, bonds: Bonds): readonly AgentId[] {
  const acts = MINE.flatMap((name, index) => {
    const amountMicro = bonds[index] ?? 0n
    return amountMicro === 0n ? [] : [[name, { kind: 'bond', amountMicro }] as const]
  })
  return juryAfter(world, acts)
}

/** The world stays as it was, so that one can try again. */
function juryAfter(
  world: ForecastWorld,
  acts: readonly (readonly [name: string, body: TransactionBody])[],
): readonly AgentId[] {
  const { ledger } = world
  world.block(...acts, [LAST, world.openShare(LAST, 'beacon')])
  world.ledger = ledger
  return world.lastEvent('jury-drawn').jurors
}

describe('open the last share when one knows which jury comes of it', () => {
  const worlds = Array.from({ length: WORLDS }, (_, seed) => wait(seed))

  it('draws the same jury whatever one bonds: stakes were noted before the first share was opened', () => {
    for (const { world } of worlds) {
      const plain = juryWith(world, [])
      for (const bonds of BONDS) assert.deepEqual(juryWith(world, bonds), plain)
    }
  })

  it('draws the same jury whatever one takes back', () => {
    for (const { world } of worlds) {
      const plain = juryWith(world, [])
      for (const name of MINE) {
        const act = [name, { kind: 'unbond', amountMicro: 100n * TOKEN_MICRO }] as const
        assert.deepEqual(juryAfter(world, [act]), plain)
      }
    }
  })

  it('draws none for a question that is disputed when the jury can be known', () => {
    for (const { world, later } of worlds) {
      const { ledger } = world
      const dispute = { kind: 'dispute', question: later, outcome: 0 } as const
      world.block(['8', dispute], [LAST, world.openShare(LAST, 'beacon')])
      assert.equal(world.question(later).stage.at, 'disputed')
      world.ledger = ledger
    }
  })
})
