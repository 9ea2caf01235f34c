import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Cid, TOKEN_MICRO } from '@commonweal/protocol'
import type { ForecastWorld } from '@commonweal/protocol/testing'
import { createMarket } from './forecaster.ts'

const WORLDS = 12
/** Three of the ten who may sit; the last of them opens its share last. */
const MINE = ['9', '10', '11'] as const
const LAST = '11'

/** Each of its names bonds up to as much again as it has, in steps of a quarter. */
const STEPS = [0n, 25n, 50n, 75n, 100n]
const DOUBLE = MINE.map(() => 100n * TOKEN_MICRO)
const BONDS: readonly Bonds[] = STEPS.flatMap((a) =>
  STEPS.flatMap((b) => STEPS.map((c) => [a, b, c].map((tokens) => tokens * TOKEN_MICRO))),
)

/** A dispute that waits for its jury, with every share open but one. */
function wait(seed: number): ForecastWorld {
  const world = createMarket({
    agents: 12,
    genesis: { name: `chosen ${seed}` },
    forecast: { jurySizes: [3] },
  })
  const id = world.ask(0, { resolver: { kind: 'schelling' } })
  world.advanceToStage(id, 'waiting')
  world.advanceTo(world.question(id).resolveHeight)
  world.act('7', { kind: 'assert', question: id, outcome: 1 })
  world.act('8', { kind: 'dispute', question: id, outcome: 0 })
  world.advance('seal')
  const names = world.validators()
  world.block(...names.map((name) => [name, world.closeShare(name, 'beacon')] as const))
  world.advance('beacon')
  const others = names.filter((name) => name !== LAST)
  world.block(...others.map((name) => [name, world.openShare(name, 'beacon')] as const))
  assert.equal(stageOf(world, id), 'disputed')
  return world
}

function stageOf(world: ForecastWorld, id: Cid): string {
  return world.question(id).stage.at
}

/** How much more each of its names bonds, in the block that opens the last share. */
type Bonds = readonly bigint[]

/** Own seats of the jury that is drawn with it. */
function seatsWith(world: ForecastWorld, bonds: Bonds): number {
  const { ledger } = world
  const acts = MINE.flatMap((name, index) => {
    const amountMicro = bonds[index] ?? 0n
    return amountMicro === 0n ? [] : [[name, { kind: 'bond', amountMicro }] as const]
  })
  world.block(...acts, [LAST, world.openShare(LAST, 'beacon')])
  const jurors = world.lastEvent('jury-drawn').jurors.map((agent) => world.nameOf(agent))
  world.ledger = ledger
  return jurors.filter((name) => MINE.some((mine) => mine === name)).length
}

describe('open the last share when one knows which jury comes of it', () => {
  it('known limit: stakes count as they are when the beacon is known, so another bond draws another jury', () => {
    const worlds = Array.from({ length: WORLDS }, (_, seed) => wait(seed))
    const counts = (isTaken: (world: ForecastWorld) => boolean): number =>
      worlds.filter(isTaken).length
    const plain = counts((world) => seatsWith(world, []) >= 2)
    const doubled = counts((world) => seatsWith(world, DOUBLE) >= 2)
    const chosen = counts((world) => BONDS.some((bonds) => seatsWith(world, bonds) >= 2))
    // Two of three seats decide. Three names of ten have them in 22 of 120 juries, with twice the stake in half of all; and
    // always where they may choose.
    assert.ok(plain <= 4, `${plain}`)
    assert.ok(doubled <= 9, `${doubled}`)
    assert.equal(chosen, WORLDS)
  })
})
