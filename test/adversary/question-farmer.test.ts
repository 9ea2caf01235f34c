import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Cid, TOKEN_MICRO } from '@commonweal/protocol'
import { type ForecastWorld, reporting } from '@commonweal/protocol/testing'
import { createMarket, outcomeIs, settle, weightOf, worthOf } from './forecaster.ts'

const FARMER = '5'
const COUNT = 10

/** Ten questions whose answers the farmer alone knows, each as heavy as a question can be. */
function farm(world: ForecastWorld): readonly Cid[] {
  return Array.from({ length: COUNT }, () =>
    world.ask(FARMER, { ...outcomeIs(1), openHeight: world.head.height + 12, weight: 1_000 }),
  )
}

describe('ask oneself questions', () => {
  it('that nobody admits earns nothing, and pays every bond and every fee', () => {
    const world = createMarket()
    const before = { worth: worthOf(world, [FARMER]), weight: weightOf(world, [FARMER]) }
    const asked = farm(world)
    const receipts = world.block(
      ...asked.map((question) => [FARMER, { kind: 'admit', question }] as const),
      ...asked.map((id) => [FARMER, world.sealStatement(FARMER, id, reporting(100))] as const),
    )
    // One validator of six is not more than two thirds, and nothing is sealed on what waits.
    const codes = receipts.map(({ code }) => code)
    assert.deepEqual(new Set(codes.slice(0, COUNT)), new Set(['ok']))
    assert.deepEqual(new Set(codes.slice(COUNT)), new Set(['wrong-stage']))
    for (const id of asked) settle(world, id)
    world.endEpoch()
    assert.equal(weightOf(world, [FARMER]), before.weight)
    const spent = before.worth - worthOf(world, [FARMER])
    assert.equal(spent, BigInt(COUNT) * (TOKEN_MICRO + 3n * world.feeMicro))
    const minted = world.events.flatMap((event) =>
      event.kind === 'emission-settled' ? event.nets : [],
    )
    assert.deepEqual(minted, [])
  })

  it('takes nothing of what others are paid for theirs', () => {
    const said = { '0': 7_000, '1': 7_000, '2': 7_000 }
    const [plain, farmed] = [false, true].map((isFarming) => {
      const world = createMarket()
      if (isFarming) farm(world)
      world.playQuestion(said, outcomeIs(0))
      return world.lastEvent('emission-settled').nets.map(({ amountMicro }) => amountMicro)
    })
    assert.equal(plain?.length, 3)
    assert.deepEqual(farmed, plain)
  })

  it('is not helped by a third of the stake: three names of six admit in vain', () => {
    const world = createMarket()
    const id = world.ask(FARMER, { openHeight: 20 })
    for (const name of ['3', '4', FARMER]) {
      assert.equal(world.codeOf(name, { kind: 'admit', question: id }), 'ok')
    }
    assert.equal(world.question(id).stage.at, 'proposed')
    world.advanceTo(19)
    assert.equal(world.lastEvent('question-lapsed').question, id)
  })

  it('keeps nobody out: strangers never have more than half of the places', () => {
    const world = createMarket({ forecast: { questionCountMax: 6 } })
    const codes = Array.from({ length: 6 }, () =>
      world.codeOf(FARMER, {
        kind: 'question',
        ...world.wording({ openHeight: world.head.height + 90_000 }),
      }),
    )
    const refused = codes.filter((code) => code === 'too-many-questions')
    assert.deepEqual([codes.length, refused.length], [6, 3])
    assert.equal(world.codeOf('0', { kind: 'question', ...world.wording() }), 'ok')
  })
})
