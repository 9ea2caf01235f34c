import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { sumBigint } from '../integer.ts'
import { divideDown } from './divide.ts'
import {
  type BoundLaw,
  createLawState,
  type EnforcementRecord,
  enforceSettlement,
  enforceSubmission,
  type LawState,
  settleEnd,
} from './enforcement.ts'
import { type Language, substitute, type View } from './language.ts'
import { checkLaw } from './law.ts'
import type { Clause, Primitive } from './terms.ts'

const LIST = { type: 'list', lengthMax: 5 } as const
const SUBMISSION = {
  round: { type: 'int' },
  stock: { type: 'int' },
  requests: LIST,
  history: { type: 'list', lengthMax: 12 },
} as const
const LANGUAGE: Language = {
  name: 'test',
  submission: SUBMISSION,
  settlement: { ...SUBMISSION, catches: LIST },
}

/** The median of five is the greatest of the least of every three. */
const TRIPLES = [0, 1, 2, 3, 4].flatMap((a) =>
  [1, 2, 3, 4].flatMap((b) =>
    [2, 3, 4].flatMap((c) =>
      a < b && b < c ? [[a, b, c].map((seat) => `requests[${seat}]`)] : [],
    ),
  ),
)

/** Four seats sign, seat 4 does not. */
const FOUR_OF_FIVE = [true, true, true, true, false]
const EVERYBODY = [true, true, true, true, true]
const HOLD_OUT = 4

describe('four of five cannot take from the fifth', () => {
  it('by a cap of zero', () => {
    const law = bind([submission('true', { primitive: 'cap', limit: 'self == 4 ? 0 : 25' })])
    const done = submit(law, [30n, 30n, 30n, 30n, 30n])
    assert.deepEqual(done.actions, [25n, 25n, 25n, 25n, 25n])
    assert.deepEqual(done.records.at(-1), {
      kind: 'equal-treatment',
      seat: 4,
      before: 0n,
      after: 25n,
    })
    assert.deepEqual(submit(law, [30n, 30n, 30n, 30n, 20n]).actions[HOLD_OUT], 20n)
  })

  it('by a cap on it alone', () => {
    const law = bind([submission('self == 4', { primitive: 'cap', limit: '0' })])
    assert.deepEqual(submit(law, [30n, 30n, 30n, 30n, 30n]).actions[HOLD_OUT], 30n)
  })

  it('by a cap below their mean, which is rounded up', () => {
    const law = bind([submission('true', { primitive: 'cap', limit: '[40, 10, 10, 10, 0][self]' })])
    assert.deepEqual(submit(law, [50n, 50n, 50n, 50n, 50n]).actions, [40n, 10n, 10n, 10n, 18n])
  })

  it('by an override', () => {
    const law = bind([submission('true', { primitive: 'override', action: 'self == 4 ? 0 : 12' })])
    assert.deepEqual(submit(law, [1n, 1n, 1n, 1n, 1n]).actions, [12n, 12n, 12n, 12n, 12n])
  })

  it('by an override that follows a cap for all', () => {
    const law = bind([
      submission('true', { primitive: 'cap', limit: '10' }),
      submission('self == 4', { primitive: 'override', action: '0' }),
    ])
    assert.deepEqual(submit(law, [30n, 30n, 30n, 30n, 30n]).actions[HOLD_OUT], 10n)
  })

  it('by a sanction on it alone', () => {
    const law = bind([settlement('self == 4', { primitive: 'sanction', amount: '100' })])
    const { lost, records } = play(law, same(100n), [calm()])
    assert.deepEqual(lost, [0n, 0n, 0n, 0n, 0n])
    assert.deepEqual(records.at(-1), {
      kind: 'shortfall',
      clause: 0,
      seat: 4,
      effect: 'sanction',
      missingMicro: 100n,
      cause: 'equal-treatment',
    })
  })

  it('by transfers to themselves', () => {
    const law = bind(
      [0, 1, 2, 3].map((to) =>
        settlement('self == 4', { primitive: 'transfer', to: `${to}`, amount: '25' }),
      ),
    )
    assert.deepEqual(play(law, same(100n), [calm()]).lost, [0n, 0n, 0n, 0n, 0n])
  })

  it('by transfers that they make good to one another', () => {
    const law = bind([
      settlement('self < 4', { primitive: 'transfer', to: '(self + 1) % 4', amount: '100' }),
      settlement('self == 4', { primitive: 'transfer', to: '0', amount: '100' }),
    ])
    assert.deepEqual(play(law, same(100n), [calm()]).lost, [0n, 0n, 0n, 0n, 0n])
  })

  it('by a fine against their own escrow, which they get back', () => {
    const law = bind([
      settlement('self < 4', { primitive: 'escrow', amount: '100' }),
      settlement('self == 4', { primitive: 'sanction', amount: '100' }),
    ])
    assert.deepEqual(play(law, same(100n), [calm()]).lost, [0n, 0n, 0n, 0n, 0n])
  })

  it('by a fine against their own premiums, which they get back', () => {
    const law = bind([
      settlement('self < 4', { primitive: 'insurance', premium: '100', payout: '0' }),
      settlement('self == 4', { primitive: 'sanction', amount: '100' }),
    ])
    assert.deepEqual(play(law, same(100n), [calm()]).lost, [0n, 0n, 0n, 0n, 0n])
  })

  it('by paying its premium, or its premium of a round ago, out to themselves', () => {
    const atOnce = bind([
      settlement('true', { primitive: 'insurance', premium: '100', payout: 'self < 4 ? 100 : 0' }),
    ])
    assert.ok((play(atOnce, same(100n), [calm()]).lost[HOLD_OUT] ?? 1n) <= 0n)
    const later = bind([
      settlement('round == 1', { primitive: 'insurance', premium: '100', payout: '0' }),
      settlement('round == 2', {
        primitive: 'insurance',
        premium: '0',
        payout: 'self < 4 ? pool : 0',
      }),
    ])
    assert.deepEqual(play(later, same(100n), [calm(), calm()]).lost, [0n, 0n, 0n, 0n, 0n])
  })

  it('by releasing its escrow to themselves', () => {
    const law = bind([
      settlement('round == 1', { primitive: 'escrow', amount: '100' }),
      settlement('round == 2 && self == 4', { primitive: 'release', to: '0', amount: 'escrow' }),
    ])
    assert.deepEqual(play(law, same(100n), [calm(), calm()]).lost, [0n, 0n, 0n, 0n, 0n])
  })

  it('by first making it a violator, or marking it with an escrow of its own', () => {
    const violator = bind([
      settlement('self == 4', { primitive: 'sanction', amount: '0' }),
      settlement('violations > 0', { primitive: 'sanction', amount: '100' }),
    ])
    assert.equal(play(violator, same(100n), [calm(), calm()]).lost[HOLD_OUT], 0n)
    const marked = bind([
      settlement('self == 4 || self == 0', { primitive: 'escrow', amount: 'self == 0 ? 4 : 1' }),
      settlement('escrow == 1', { primitive: 'sanction', amount: '100' }),
    ])
    assert.equal(play(marked, same(100n), [calm(), calm(), calm()]).lost[HOLD_OUT], 0n)
  })

  it('by promising next to no collateral themselves', () => {
    const law = bind([settlement('true', { primitive: 'sanction', amount: '100' })])
    const { lost } = play(law, [1n, 1n, 1n, 1n, 1000n], [calm(), calm(), calm()])
    assert.deepEqual(lost, [1n, 1n, 1n, 1n, 1n])
  })

  it('and every unit that they take otherwise costs each of them as much', () => {
    const law = bind([
      settlement('true', { primitive: 'transfer', to: 'self == 4 ? 0 : 4', amount: '40' }),
    ])
    // Each of the four pays the fifth 40; it pays no more than the 40 that each would have paid in its place.
    assert.deepEqual(play(law, same(100n), [calm()]).lost, [0n, 40n, 40n, 40n, -120n])
  })
})

describe('a hold-out is not immune', () => {
  it('to a cap for all', () => {
    const law = bind([submission('true', { primitive: 'cap', limit: 'stock / 10' })])
    assert.deepEqual(submit(law, [10n, 10n, 10n, 10n, 100n]).actions, [10n, 10n, 10n, 10n, 10n])
  })

  it('to a median override for all', () => {
    const median = `max([${TRIPLES.map((triple) => `min([${triple.join(', ')}])`).join(', ')}])`
    const law = bind([submission('true', { primitive: 'override', action: median })])
    assert.deepEqual(submit(law, [12n, 11n, 13n, 10n, 90n]).actions, [12n, 12n, 12n, 12n, 13n])
  })

  it('to a fine on what it does', () => {
    const law = bind([settlement('catches[self] > 10', { primitive: 'sanction', amount: '30' })])
    assert.deepEqual(play(law, same(100n), [greedy()]).lost, [0n, 0n, 0n, 0n, 30n])
  })

  it('to sanctions that grow with each violation', () => {
    const law = bind([
      settlement('catches[self] > 10', {
        primitive: 'graduatedSanction',
        base: '5',
        multiplier: '3',
      }),
    ])
    const { lost } = play(law, same(100n), [greedy(), greedy(), greedy()])
    assert.deepEqual(lost, [0n, 0n, 0n, 0n, 5n + 15n + 45n])
  })

  it('to paying those whom it harmed', () => {
    const law = bind(
      [0, 1, 2, 3, 4].map((to) =>
        settlement(`catches[self] > 10 && self != ${to}`, {
          primitive: 'transfer',
          to: `${to}`,
          amount: '10',
        }),
      ),
    )
    assert.deepEqual(play(law, same(100n), [greedy()]).lost, [-10n, -10n, -10n, -10n, 40n])
  })

  it('to premiums, and it is insured like the others', () => {
    const law = bind([
      settlement('true', {
        primitive: 'insurance',
        premium: '10',
        payout: 'catches[self] == 0 ? 30 : 0',
      }),
    ])
    const first = play(law, same(100n), [view([5n, 5n, 5n, 5n, 5n])])
    assert.deepEqual(first.state.premiumMicro, [10n, 10n, 10n, 10n, 10n])
    const second = play(law, same(100n), [view([5n, 5n, 5n, 5n, 5n]), view([5n, 5n, 5n, 5n, 0n])])
    assert.ok((second.lost[HOLD_OUT] ?? 0n) < 0n)
  })

  it('whatever a law does that looks only at conduct', () => {
    fc.assert(
      fc.property(
        fc.array(conductClause(), { minLength: 1, maxLength: 5 }),
        worlds(),
        (clauses, views) => {
          const collateral = same(200n)
          const signed = play(bind(clauses, EVERYBODY), collateral, views)
          const heldOut = play(bind(clauses, FOUR_OF_FIVE), collateral, views)
          assert.deepEqual(heldOut.lost, signed.lost)
          assert.deepEqual(heldOut.state.escrowMicro, signed.state.escrowMicro)
          assert.deepEqual(heldOut.state.violations, signed.state.violations)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('the net payment of a hold-out', () => {
  it('is at most what the signers would pay in its place, whatever the law', () => {
    const seen = { charged: 0, cut: 0 }
    fc.assert(
      fc.property(
        fc.array(anyClause(), { minLength: 1, maxLength: 5 }),
        worlds(),
        (clauses, views) => {
          const [scene] = views
          assert.ok(scene !== undefined)
          // So much collateral that no payment falls short: each signer's place can be taken by itself.
          const collateral = same(10n ** 12n)
          const law = bind(clauses, FOUR_OF_FIVE)
          const got = play(law, collateral, [scene], 'no end')
          const would = [0, 1, 2, 3].map((seat) => {
            const alone = { ...law, bound: FOUR_OF_FIVE }
            const supposed = play(alone, collateral, [substitute(scene, seat, HOLD_OUT)], 'no end')
            return supposed.lost[seat] ?? 0n
          })
          const mean = divideDown(sumBigint(would), 4n)
          const lost = got.lost[HOLD_OUT] ?? 0n
          assert.ok(lost <= (mean > 0n ? mean : 0n), `${lost} of ${would}`)
          if (lost > 0n) seen.charged += 1
          if (got.records.some((record) => record.kind === 'shortfall')) seen.cut += 1
        },
      ),
      { numRuns: 500 },
    )
    assert.ok(seen.charged > 20 && seen.cut > 20, JSON.stringify(seen))
  })
})

/** What each seat has lost in the end (or, at `no end`, has out of its collateral and has not been paid). */
function play(
  law: BoundLaw,
  collateral: readonly bigint[],
  views: readonly View[],
  ending: 'end' | 'no end' = 'end',
): { lost: readonly bigint[]; state: LawState; records: readonly EnforcementRecord[] } {
  let state = createLawState(collateral)
  const records: EnforcementRecord[] = []
  let lost = collateral
  const pay = (credits: readonly bigint[]) => {
    lost = lost.map((amount, seat) => amount - (credits[seat] ?? 0n))
  }
  for (const [index, scene] of views.entries()) {
    const seen = { ...scene, common: { ...scene.common, round: BigInt(index + 1) } }
    const first = enforceSubmission(law, state, seen, seen.bySeat['requests'] ?? [])
    const second = enforceSettlement(law, first.state, seen)
    pay(first.creditsMicro)
    pay(second.creditsMicro)
    records.push(...first.records, ...second.records)
    state = second.state
  }
  pay(ending === 'end' ? settleEnd(state) : state.collateralMicro)
  return { lost, state, records }
}

function submit(law: BoundLaw, actions: readonly bigint[]) {
  return enforceSubmission(law, createLawState(same(0n)), view(actions), actions)
}

function bind(clauses: readonly Clause[], signer: readonly boolean[] = FOUR_OF_FIVE): BoundLaw {
  const law = checkLaw({ clauses }, LANGUAGE)
  assert.ok(law.ok, law.ok ? '' : law.error.code)
  return { law: law.value, signer, bound: EVERYBODY }
}

function same(amount: bigint): readonly bigint[] {
  return EVERYBODY.map(() => amount)
}

function view(values: readonly bigint[]): View {
  return {
    common: { round: 1n, stock: 100n },
    bySeat: { requests: values, catches: values },
    own: values.map((value) => ({ history: [value] })),
  }
}

function greedy(): View {
  return view([10n, 10n, 10n, 10n, 50n])
}

function calm(): View {
  return view([5n, 5n, 5n, 5n, 5n])
}

function submission(when: string, then: Primitive): Clause {
  return { at: 'submission', when, then }
}

function settlement(when: string, then: Primitive): Clause {
  return { at: 'settlement', when, then }
}

function worlds(): fc.Arbitrary<View[]> {
  const requests = fc.array(fc.bigInt({ min: 0n, max: 30n }), { minLength: 5, maxLength: 5 })
  return fc.array(requests.map(view), { minLength: 1, maxLength: 3 })
}

const CONDUCT = ['true', 'requests[self] > 10', 'history[0] < 9', 'sum(history) == 7']
const AMOUNTS = ['3', '60', 'requests[self]', 'history[0] * 2']

/** Escrow is paid in and given back in different rounds: within one, a hold-out's would not have moved. */
function conductClause(): fc.Arbitrary<Clause> {
  const amount = fc.constantFrom(...AMOUNTS, 'violations * 5')
  const when = fc.constantFrom(...CONDUCT, 'violations > 0')
  return fc.record({
    at: fc.constantFrom('submission', 'settlement'),
    when,
    then: fc.oneof(
      fc.record({ primitive: fc.constantFrom('sanction', 'participationCost'), amount }),
      fc.record({ primitive: fc.constant('graduatedSanction'), base: amount, multiplier: amount }),
      fc.record({ primitive: fc.constant('escrow'), amount: onlyIn('round == 1', amount) }),
      fc.record({
        primitive: fc.constant('release'),
        to: fc.constant('self'),
        amount: onlyIn('round > 1', amount),
      }),
    ),
  })
}

function onlyIn(rounds: string, amount: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return amount.map((text) => `${rounds} ? ${text} : 0`)
}

/** Nothing of the others' law state, which a supposition about one signer leaves as it is. */
function anyClause(): fc.Arbitrary<Clause> {
  const amount = fc.constantFrom(...AMOUNTS, 'self * 9', 'sum(requests)')
  const to = fc.constantFrom('0', '4', '(self + 1) % n', 'requests[self] % n')
  return fc.record({
    at: fc.constantFrom('submission', 'settlement'),
    when: fc.constantFrom(
      ...CONDUCT,
      'self == 4',
      'self != 0',
      'requests.all(r, r <= requests[self])',
    ),
    then: fc.oneof(
      fc.record({ primitive: fc.constantFrom('escrow', 'sanction', 'participationCost'), amount }),
      fc.record({ primitive: fc.constant('transfer'), to, amount }),
    ),
  })
}
