import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { commons, commonsParamsSchema, TOKEN_MICRO } from '@commonweal/protocol'
import { LedgerWorld } from '@commonweal/protocol/testing'
import * as fc from 'fast-check'
import { catchesByRound, wealthOf } from './harvest.ts'

const GREEDY: readonly (bigint | null)[] = [100n, 100n, 100n, 100n, 100n]
/** What a unit of the resource is worth by default: a tenth of a token. */
const UNIT_MICRO = TOKEN_MICRO / 10n

/** One round of five that all ask for everything; the last may keep its seal shut once it has seen the others. */
function play(isWithheld: boolean): LedgerWorld {
  const world = new LedgerWorld({ instance: { contract: 'none' } })
  world.advance('seal')
  world.sealAll(GREEDY)
  world.revealAll(isWithheld ? GREEDY.with(4, null) : GREEDY)
  world.advance('negotiate', 2)
  return world
}

describe('withhold a reveal', () => {
  it('costs the whole seal bond and the round’s catch', () => {
    const [honest, attacked] = [play(false), play(true)]
    const [caught] = catchesByRound(honest).map((row) => row[4] ?? 0)
    assert.ok(caught !== undefined && caught > 0)
    assert.equal(catchesByRound(attacked)[0]?.[4], 0)
    // It has saved the fee of the reveal; beacon shares were withheld by all alike.
    const lost = wealthOf(honest, '4') - wealthOf(attacked, '4') + 100_000n
    assert.equal(lost, 10n * TOKEN_MICRO)
    const worth = UNIT_MICRO * 100n
    assert.ok(lost >= worth, 'more than all of the stock is worth')
  })

  it('whatever the parameters, the bond is at least what the whole stock is worth to anybody', () => {
    const paramsArbitrary = fc.record({
      capacity: fc.integer({ min: 5, max: 100_000 }),
      valuesPercent: fc.array(fc.integer({ min: 1, max: 1_000 }), { maxLength: 64 }),
      unitMicro: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    })
    fc.assert(
      fc.property(paramsArbitrary, (given) => {
        const params = commonsParamsSchema.parse(given)
        const most = Math.max(100, ...given.valuesPercent)
        const worthPercent = given.unitMicro * BigInt(given.capacity) * BigInt(most)
        assert.ok(commons.sealBondMicro(params) * 100n >= worthPercent)
      }),
    )
  })

  it('is not avoided by having no bond to lose: who cannot fund it cannot seal', () => {
    const world = new LedgerWorld({ instance: { contract: 'none' } })
    world.act('4', { kind: 'bond', amountMicro: 981n * TOKEN_MICRO })
    world.advance('seal')
    assert.equal(world.act('4', world.sealOf('4', 100n)).code, 'cannot-fund-seal')
  })

  it('keeps nobody waiting: the others’ round is settled when the phase has its greatest length', () => {
    const world = play(true)
    const [row] = catchesByRound(world)
    assert.equal(
      row?.reduce((sum, got) => sum + got, 0),
      100,
    )
    assert.equal(world.head.epoch, 2)
  })
})
