import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Law, Terms } from '@commonweal/protocol'
import * as fc from 'fast-check'
import { computeGameCandidates } from '../../game/game-law.ts'
import { composeTerms } from '../../utility/bargaining.ts'
import { createMandate, type Mandate } from '../mandate.ts'
import { modelConfigSchema } from '../model-config.ts'
import { checkAction, checkGameMove, computeDepositMax, listActions } from './game-mandate.ts'
import { DILEMMA, fine, type Given, gameOf, heard, STATES, withDeposit } from './test-game.ts'

function mandateOf(game: object = {}, rest: object = {}): Mandate {
  const { mandate } = modelConfigSchema.parse({ name: 'm', mandate: { ...rest, game } })
  assert.ok(mandate !== null)
  return createMandate(mandate)
}

/** One payoff more than a choice can change in the dilemma, for each of four rounds. */
const DEPOSIT = 13_000_000n * 4n

function judge(
  law: Law,
  given: Given = {},
  mandate = mandateOf(),
  change: Partial<Terms> = {},
): string {
  const situation = gameOf(given)
  const terms = { ...withDeposit(situation, law, DEPOSIT), ...change }
  const checked = checkGameMove(mandate, heard(situation, terms), { move: 'accept' })
  return checked.ok ? 'signed' : String(checked.error.facts['detail'])
}

describe('the mandate in a game', () => {
  it('lets the actions be chosen that it names, and no other', () => {
    const { params } = gameOf()
    assert.deepEqual(listActions(mandateOf({ actions: [0, 2, 9] }), params), [0, 2])
    assert.deepEqual(listActions(null, params), [0, 1, 2, 3])
    assert.ok(checkAction([0, 2], 2).ok)
    assert.ok(!checkAction([0, 2], 1).ok)
    assert.ok(!checkAction([0, 1, 2, 3], 4).ok)
  })

  it('lets the laws be signed that closed-form agents bargain over, where all do as well without', () => {
    for (const given of [{}, { params: { language: 'full' } }, { seatCount: 5 }] as const) {
      const situation = gameOf(given)
      const [first] = computeGameCandidates(situation)
      assert.ok(first !== undefined)
      const terms = composeTerms(situation, first)
      assert.ok(checkGameMove(mandateOf(), situation, { move: 'propose', terms }).ok)
    }
  })

  it('bounds what is set aside, at the limit and one past it', () => {
    const law = fine('base != 0', 13_000_000)
    const { params } = gameOf()
    assert.equal(computeDepositMax(mandateOf(), params), 13_000_000n)
    assert.equal(computeDepositMax(mandateOf({ depositPercentMax: 50 }), params), 6_500_000n)
    assert.equal(computeDepositMax(null, params), null)
    const each = (micro: bigint) => ({ collateralMicro: [micro, micro] })
    assert.equal(judge(law, {}, mandateOf(), each(DEPOSIT)), 'signed')
    const detail = judge(law, {}, mandateOf(), each(DEPOSIT + 1n))
    assert.match(detail, /more than 13000000 millionths of a token for each round/)
  })

  it('finds what a law does to the seat alone, whatever it depends on', () => {
    const params = { language: 'full' }
    for (const when of [
      'self == 1',
      'self == 1 && round > 3',
      'self == 1 && base == 1',
      'self == 1 && actions[0] == 2',
      'self == 1 && size(history) > 2',
      'self == 1 && violations > 0',
      'self == 1 && bases[0] == 0 && base == 0',
      'self == 1 && bases[0] == 0 && base == 1',
    ]) {
      assert.match(judge(fine(when, 13_000_000), { params }), /more than it costs a seat/, when)
    }
    const override = (action: string): Law => ({
      clauses: [{ at: 'submission', when: 'true', then: { primitive: 'override', action } }],
    })
    assert.match(judge(override('self == 1 ? 0 : 2'), { params }), /more than it costs a seat/)
    assert.equal(judge(override('0'), { params }), 'signed')
  })

  it('finds a payment to another that only the others get', () => {
    const law: Law = {
      clauses: [
        {
          at: 'submission',
          when: 'true',
          then: { primitive: 'transfer', to: '0', amount: '9000000' },
        },
      ],
    }
    assert.match(judge(law, { params: { language: 'base-actions' } }), /more than it costs a seat/)
  })

  it('signs no law that takes from all what they could have, as far as it allows', () => {
    const always = (units: number): Law => fine('true', units * 1_000_000)
    assert.equal(judge(always(6)), 'signed')
    assert.match(judge(always(7)), /takes 54 % of what a choice is worth/)
    assert.equal(judge(always(7), {}, mandateOf({ lossPercentMax: 60 })), 'signed')
    // Forcing action 1 in both states costs a unit in one of them: a sixth of what a choice is worth.
    const states = { params: { game: STATES } }
    assert.equal(
      judge(fine('base != 1', 3_000_000), states, mandateOf(), {
        collateralMicro: [12_000_000n, 12_000_000n],
      }),
      'signed',
    )
    const strict = mandateOf({ lossPercentMax: 16 })
    assert.match(
      judge(fine('base != 1', 3_000_000), states, strict, {
        collateralMicro: [12_000_000n, 12_000_000n],
      }),
      /takes 17 %/,
    )
  })

  it('keeps to the seats, the rounds and the instance', () => {
    const law = fine('base != 0', 1)
    const [first] = gameOf().seats
    assert.ok(first !== undefined)
    assert.match(
      judge(law, {}, mandateOf(), { parties: [first], collateralMicro: [0n] }),
      /not exactly the seats/,
    )
    assert.match(judge(law, {}, mandateOf(), { rounds: [1, 5] }), /other rounds/)
    assert.match(judge(law, {}, mandateOf(), { subnet: 'commons' }), /something else/)
    assert.match(judge(fine('actions[0] == 0', 1)), /no ledger takes the law/)
  })

  it('gives up only so much in one turn', () => {
    const situation = gameOf()
    const own = heard(situation, withDeposit(situation, fine('self == 0', 13_000_000), DEPOSIT), 1)
    const offer = (law: Law, mandate = mandateOf()): boolean =>
      checkGameMove(mandate, own, { move: 'propose', terms: withDeposit(situation, law, DEPOSIT) })
        .ok
    assert.ok(offer(fine('true', 6_000_000)))
    assert.ok(!offer(fine('true', 6_000_000), mandateOf({}, { concessionPercentMax: 40 })))
  })

  it('tries the largest game out in little time', () => {
    const actions = [...Array.from({ length: 16 }).keys()]
    const row = actions.map((own) => actions.map((other) => own * other))
    const given = {
      params: { game: { form: 'matrix', row }, rounds: 1_000, language: 'full' },
      seatCount: 64,
    }
    const situation = gameOf(given)
    const law = fine(
      'sum(actions) > round && sum(bases) > 2 * round && size(history) > 3',
      1_000_000,
    )
    // Of the processor, not of the clock: other tests run beside this one.
    const before = process.cpuUsage()
    const terms = withDeposit(situation, law, 200_000_000n)
    const checked = checkGameMove(mandateOf(), situation, { move: 'propose', terms })
    assert.ok(checked.ok)
    const usedMs = process.cpuUsage(before).user / 1_000
    assert.ok(usedMs < 5_000, `${usedMs} ms`)
  })

  it('never lets a fine be signed that falls on the seat alone and that its deposit could pay', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 3 }),
        fc.integer({ min: 7, max: 13 }),
        fc.integer({ min: 1, max: 4 }),
        (action, units, round) => {
          const when = `self == 1 && actions[self] == ${action} && round == ${round}`
          const params = { language: 'full', game: DILEMMA }
          assert.notEqual(judge(fine(when, units * 1_000_000), { params }), 'signed')
        },
      ),
    )
  })
})
