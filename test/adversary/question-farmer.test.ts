import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  farmedQuestions,
  farms,
  type LedgerGain,
  measureLedgerGain,
} from '@commonweal/bench/attacks'
import { type Cid, TOKEN_MICRO } from '@commonweal/protocol'
import { type ForecastWorld, reporting } from '@commonweal/protocol/testing'
import { createMarket, outcomeIs, settle, weightOf, worthOf } from './forecaster.ts'

const FARMER = '5'
const COUNT = 10
const TOKEN = Number(TOKEN_MICRO)

/** Ten questions whose answers the farmer alone knows, each as heavy as a question can be. */
function askTen(world: ForecastWorld): readonly Cid[] {
  return Array.from({ length: COUNT }, () =>
    world.ask(FARMER, { ...outcomeIs(1), openHeight: world.head.height + 12, weight: 1_000 }),
  )
}

function gainOf(index: number): LedgerGain {
  const farm = farms[index]
  assert.ok(farm !== undefined)
  return measureLedgerGain(farmedQuestions(farm), { seed: 'farmer', worldCount: 20 })
}

describe('ask oneself questions', () => {
  it('that nobody admits earns nothing, and pays every bond and every fee', () => {
    const world = createMarket()
    const before = { worth: worthOf(world, [FARMER]), weight: weightOf(world, [FARMER]) }
    const asked = askTen(world)
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
    const { tokens, weight, harm } = gainOf(0)
    assert.deepEqual([tokens.lo, tokens.hi], [-COUNT * TOKEN, -COUNT * TOKEN])
    for (const { lo, hi } of [weight, harm]) assert.deepEqual([lo, hi], [0, 0])
  })

  it('gains where all were talked into admitting one whose answer it knows, which is a known limit', () => {
    const { tokens, weight } = gainOf(1)
    assert.ok(tokens.lo > 0 && weight.lo > 0)
    // A question may be as heavy as can be: pay follows weight, and that is no more.
    assert.equal(gainOf(2).weight.mean, weight.mean)
  })

  it('loses pay itself where the heaviest question is one that nobody else can forecast, and harms them', () => {
    const { tokens, harm } = gainOf(3)
    assert.ok(tokens.hi < 0 && harm.lo > 8 * -tokens.lo)
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
