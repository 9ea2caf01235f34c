import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Law, Terms } from '@commonweal/protocol'
import * as fc from 'fast-check'
import type { Move } from '../agent.ts'
import { capLaw } from '../utility/candidate.ts'
import {
  checkMove,
  checkRequest,
  computeActBounds,
  createMandate,
  type Mandate,
} from './mandate.ts'
import { modelConfigSchema } from './model-config.ts'
import { inForce, situationOf, termsOf, withProposal } from './test-situation.ts'

function mandateOf(change: object = {}): Mandate {
  const { mandate } = modelConfigSchema.parse({ name: 'm', mandate: change })
  assert.ok(mandate !== null)
  return createMandate(mandate)
}

const situation = situationOf()

function judge(law: Law | string, change: Partial<Terms> = {}, mandate = mandateOf()): string {
  const heard = withProposal(situation, termsOf(situation, law, change))
  const checked = checkMove(mandate, heard, { move: 'accept' })
  return checked.ok ? 'signed' : String(checked.error.facts['detail'])
}

describe('the mandate', () => {
  it('bounds requests, at the limit and one past it', () => {
    const mandate = mandateOf({ requestPercentMax: 30, requestPercentMin: 50 })
    const bounds = computeActBounds(mandate, situationOf({ stock: 90 }))
    assert.deepEqual(bounds, { min: 9, max: 27 })
    for (const request of [9, 27]) assert.ok(checkRequest(bounds, request).ok)
    for (const request of [8, 28]) assert.ok(!checkRequest(bounds, request).ok)
    const capped = inForce(situation, termsOf(situation, 'stock / 10'))
    assert.deepEqual(computeActBounds(mandate, capped), { min: 5, max: 30 })
    assert.deepEqual(computeActBounds(null, situation), { min: 0, max: 100 })
  })

  it('lets fair terms be signed, and shares as unequal as it allows', () => {
    assert.equal(judge('stock / 10'), 'signed')
    assert.equal(judge('[3, 2, 3, 2, 2][self] * stock / 24'), 'signed')
    assert.match(judge('[4, 1, 4, 4, 4][self] * stock / 34'), /% of what seats may take/)
    assert.equal(
      judge('[4, 1, 4, 4, 4][self] * stock / 34', {}, mandateOf({ allotmentPercentMin: 20 })),
      'signed',
    )
  })

  it('finds what a law does to the seat later, at another stock, or when others hold back', () => {
    for (const limit of [
      'round > 6 && self == 1 ? 0 : stock / 10',
      'stock == 37 && self == 1 ? 0 : stock / 10',
      'requests[0] < stock && self == 1 ? 0 : stock / 10',
      'size(history) > 2 && self == 1 ? 0 : stock / 10',
      'absent[0] == 1 && self == 1 ? 0 : stock / 10',
      'violations > 0 ? 0 : stock / 10',
      'pool > 0 && self == 1 ? 0 : stock / 10',
    ]) {
      assert.match(judge(limit), /% of what seats may take/, limit)
    }
    assert.match(judge('0'), /less than 10 % of an equal part/)
  })

  it('keeps to the budget, the seats and the rounds of the run', () => {
    const each = (amount: bigint): Partial<Terms> => ({
      collateralMicro: situation.seats.map(() => amount),
    })
    assert.match(judge('stock / 10', each(1n)), /may set aside 0/)
    const rich = mandateOf({ collateralMicroMax: '5' })
    assert.equal(judge('stock / 10', each(5n), rich), 'signed')
    assert.match(judge('stock / 10', each(6n), rich), /may set aside 5/)
    const some = situation.seats.slice(0, 4)
    const parties = { parties: some, collateralMicro: some.map(() => 0n) }
    assert.match(judge('stock / 10', parties), /not exactly the seats/)
    assert.match(judge('stock / 10', { rounds: [1, 13] }), /other rounds/)
    assert.match(judge('stock / 10', { rounds: [2, 12] }), /other rounds/)
    assert.match(judge('stock / 10', { quorum: 3 }), /quorum/)
    assert.match(judge('stock / 10', { subnet: 'game' }), /something else/)
    assert.match(judge('rate / 10'), /no ledger takes the law/)
  })

  it('knows what may be done in the state that the negotiation is in', () => {
    const none = checkMove(mandateOf(), situation, { move: 'accept' })
    assert.match(none.ok ? '' : String(none.error.facts['detail']), /no terms on the table/)
    const heard = withProposal(situation, termsOf(situation, 'stock / 10'), 1)
    const held = checkMove(mandateOf(), heard, { move: 'accept' })
    assert.match(held.ok ? '' : String(held.error.facts['detail']), /hold these terms already/)
    for (const move of [{ move: 'pass' }, { move: 'reject', reason: 'terms', text: '' }] as const) {
      assert.ok(checkMove(mandateOf(), situation, move).ok)
    }
  })

  it('gives up only so much in one turn', () => {
    const own = withProposal(situation, termsOf(situation, '[1, 3, 1, 1, 1][self] * stock / 14'), 1)
    const offer = (limit: string, mandate = mandateOf()): boolean =>
      checkMove(mandate, own, { move: 'propose', terms: termsOf(situation, limit) }).ok
    assert.ok(!offer('stock / 10'))
    assert.ok(offer('[2, 5, 2, 2, 2][self] * stock / 26'))
    assert.ok(offer('stock / 10', mandateOf({ concessionPercentMax: 200 })))
  })

  it('does not try out a law that takes long', () => {
    const long = 'stock / 10 + 0 * sum(history.map(x, x + x + x + x + x + x + x + x + x))'
    const [clause] = capLaw(long).clauses
    assert.ok(clause !== undefined)
    assert.match(judge({ clauses: Array.from({ length: 30 }, () => clause) }), /too complicated/)
    assert.equal(judge('stock / 10 + 0 * sum(history)'), 'signed')
  })

  it('signs no terms that are too long for a proposal, though a law may have so many characters', () => {
    const [clause] = capLaw('stock / 10').clauses
    assert.ok(clause !== undefined)
    const commented = (character: string): Law => {
      const when = `true // ${character.repeat(1_000)}`
      return { clauses: Array.from({ length: 15 }, () => ({ ...clause, when })) }
    }
    assert.equal(judge(commented('a')), 'signed')
    assert.match(judge(commented('語')), /too long for a proposal/)
  })

  it('never lets through what leaves the seat less than its share at the stock of the day', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { minLength: 5, maxLength: 5 }), (shares) => {
        const total = shares.reduce((sum, share) => sum + share, 0) + 1
        const move: Move = {
          move: 'propose',
          terms: termsOf(situation, `[${shares.join(', ')}][self] * stock / ${2 * total}`),
        }
        if (!checkMove(mandateOf(), situation, move).ok) return
        const limits = shares.map((share) => Math.floor((share * 100) / (2 * total)))
        const mean = limits.reduce((sum, limit) => sum + limit, 0) / 5
        assert.ok((limits[1] ?? 0) + 1 >= 0.75 * mean)
      }),
    )
  })
})
