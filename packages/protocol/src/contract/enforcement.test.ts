import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { decode, encode } from '../codec/cbor.ts'
import { sumBigint } from '../integer.ts'
import {
  type BoundLaw,
  createLawState,
  type Enforcement,
  enforceSettlement,
  enforceSubmission,
  type LawState,
  settleEnd,
  totalHeldMicro,
} from './enforcement.ts'
import type { Language, View } from './language.ts'
import { checkLaw } from './law.ts'
import type { Clause, Primitive } from './terms.ts'

const LIST = { type: 'list', lengthMax: 6 } as const
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

describe('actions', () => {
  it('a cap lowers what is above it and leaves the rest', () => {
    const law = bind([submission('true', { primitive: 'cap', limit: 'stock / 10' })])
    const { actions, records } = submit(law, [100n, 10n, 9n, 0n, null])
    assert.deepEqual(actions, [10n, 10n, 9n, 0n, null])
    assert.deepEqual(records, [
      { kind: 'action', clause: 0, seat: 0, effect: 'cap', before: 100n, after: 10n },
    ])
  })

  it('an enforced value is rounded half to even and never negative', () => {
    assert.equal(capped('5', '2'), 2n)
    assert.equal(capped('7', '2'), 4n)
    assert.equal(capped('8', '3'), 3n)
    assert.equal(capped('7', '3'), 2n)
    assert.equal(capped('-1', '2'), 0n)
    assert.equal(capped('-9', '1'), 0n)
  })

  it('an override can raise an action; later clauses see to what earlier ones left', () => {
    const law = bind([
      submission('self == 0', { primitive: 'override', action: '20' }),
      submission('true', { primitive: 'cap', limit: '15' }),
      submission('self == 1', { primitive: 'override', action: '30' }),
    ])
    assert.deepEqual(submit(law, [1n, 99n, 99n, 2n]).actions, [15n, 30n, 15n, 2n])
  })

  it('a clause that faults for a seat is skipped for that seat alone', () => {
    const law = bind([
      submission('true', { primitive: 'cap', limit: '100 / self' }),
      submission('true', { primitive: 'cap', limit: '60', over: 'self - 1' }),
    ])
    const { actions, records } = submit(law, [500n, 500n, 500n])
    assert.deepEqual(actions, [500n, 100n, 50n])
    assert.deepEqual(
      records.filter(({ kind }) => kind === 'law-fault'),
      [
        { kind: 'law-fault', clause: 0, seat: 0, code: 'division-by-zero' },
        { kind: 'law-fault', clause: 1, seat: 0, code: 'over-not-positive' },
        { kind: 'law-fault', clause: 1, seat: 1, code: 'over-not-positive' },
      ],
    )
  })
})

describe('payments', () => {
  it('a transfer moves min(amount, collateral left) and records what is missing', () => {
    const law = bind([settlement('self == 0', { primitive: 'transfer', to: '2', amount: '70' })])
    const once = settle(law, [100n, 100n, 100n], 1)
    assert.deepEqual(once.creditsMicro, [0n, 0n, 70n])
    const twice = enforceSettlement(law, once.state, view([0n, 0n, 0n]))
    assert.deepEqual(twice.creditsMicro, [0n, 0n, 30n])
    assert.deepEqual(twice.state.collateralMicro, [0n, 100n, 100n])
    assert.deepEqual(twice.records, [
      {
        kind: 'payment',
        clause: 0,
        seat: 0,
        effect: 'transfer',
        to: 2,
        askedMicro: 70n,
        takenMicro: 30n,
      },
      {
        kind: 'shortfall',
        clause: 0,
        seat: 0,
        effect: 'transfer',
        missingMicro: 40n,
        cause: 'collateral',
      },
    ])
  })

  it('escrow is held, released, and at the end goes back to its payer', () => {
    const law = bind([
      settlement('round == 1', { primitive: 'escrow', amount: '60' }),
      settlement('round == 2 && self == 0', { primitive: 'release', to: '1', amount: '25' }),
      settlement('round == 2 && self == 1', { primitive: 'release', to: 'self', amount: 'escrow' }),
      settlement('round == 2 && self == 2', { primitive: 'release', to: '0', amount: '100' }),
    ])
    const first = settle(law, [100n, 100n, 100n], 1)
    assert.deepEqual(first.state.escrowMicro, [60n, 60n, 60n])
    const second = enforceSettlement(law, first.state, view([0n, 0n, 0n], 2))
    assert.deepEqual(second.creditsMicro, [60n, 85n, 0n])
    assert.deepEqual(second.state.escrowMicro, [35n, 0n, 0n])
    const missing = second.records.filter(({ kind }) => kind === 'shortfall')
    assert.deepEqual(missing, [
      {
        kind: 'shortfall',
        clause: 3,
        seat: 2,
        effect: 'release',
        missingMicro: 40n,
        cause: 'escrow',
      },
    ])
    assert.deepEqual(settleEnd(second.state), [75n, 40n, 40n])
  })

  it('sanctions and participation costs are burned, and only sanctions count as violations', () => {
    const law = bind([
      settlement('self == 0', { primitive: 'sanction', amount: '5' }),
      settlement('self == 1', { primitive: 'participationCost', amount: '7' }),
    ])
    const done = settle(law, [100n, 100n], 1)
    assert.equal(done.burnedMicro, 12n)
    assert.deepEqual(done.state.violations, [1, 0])
    assert.deepEqual(done.state.collateralMicro, [95n, 93n])
  })

  it('a graduated sanction is base × multiplier ^ violations before, and does not overflow', () => {
    const law = bind([
      settlement('self == 0', { primitive: 'graduatedSanction', base: '3', multiplier: '10' }),
    ])
    let state = createLawState([10n ** 18n, 0n])
    const burned: bigint[] = []
    for (let round = 1; round <= 40; round += 1) {
      const done = enforceSettlement(law, state, view([0n, 0n], round))
      burned.push(done.burnedMicro)
      state = done.state
    }
    assert.deepEqual(burned.slice(0, 3), [3n, 30n, 300n])
    assert.equal(sumBigint(burned), 10n ** 18n)
    assert.equal(state.violations[0], 40)
  })

  it('insurance takes premiums, pays from the pool pro rata, and only whom has paid in full', () => {
    const law = bind([
      settlement('true', {
        primitive: 'insurance',
        premium: '10',
        payout: 'catches[self] == 0 ? 21 : 0',
      }),
    ])
    const done = settle(law, [100n, 100n, 100n, 9n], 1, [0n, 0n, 5n, 0n])
    // The pool of 39 is divided between two claims of 21: 19 each, and the unit that is left to the lower seat.
    assert.deepEqual(done.creditsMicro, [20n, 19n, 0n, 0n])
    assert.equal(done.state.poolMicro, 0n)
    assert.deepEqual(
      done.records.filter(({ kind }) => kind === 'shortfall'),
      [
        {
          kind: 'shortfall',
          clause: 0,
          seat: 3,
          effect: 'insurance',
          missingMicro: 1n,
          cause: 'collateral',
        },
        {
          kind: 'shortfall',
          clause: 0,
          seat: 3,
          effect: 'insurance',
          missingMicro: 21n,
          cause: 'premium',
        },
        {
          kind: 'shortfall',
          clause: 0,
          seat: 0,
          effect: 'insurance',
          missingMicro: 1n,
          cause: 'pool',
        },
        {
          kind: 'shortfall',
          clause: 0,
          seat: 1,
          effect: 'insurance',
          missingMicro: 2n,
          cause: 'pool',
        },
      ],
    )
  })

  it('a pool is divided at the end by the premiums paid', () => {
    const law = bind([
      settlement('true', { primitive: 'insurance', premium: '10 * (self + 1)', payout: '0' }),
    ])
    const { state } = settle(law, [100n, 100n, 100n], 1)
    assert.deepEqual(settleEnd({ ...state, poolMicro: 20n }), [90n + 3n, 80n + 7n, 70n + 10n])
  })

  it('no negative amount, no seat that is not there, no payment to oneself', () => {
    const law = bind([
      settlement('self == 0', { primitive: 'sanction', amount: '-1' }),
      settlement('self == 0', { primitive: 'transfer', to: 'n', amount: '1' }),
      settlement('self == 0', { primitive: 'transfer', to: '-1', amount: '1' }),
      settlement('self == 0', { primitive: 'transfer', to: 'self', amount: '1' }),
      settlement('self == 0', { primitive: 'insurance', premium: '1', payout: '-1' }),
    ])
    const done = settle(law, [10n, 10n], 1)
    assert.deepEqual(
      done.records.map((record) => (record.kind === 'law-fault' ? record.code : record.kind)),
      [
        'negative-amount',
        'seat-out-of-range',
        'seat-out-of-range',
        'pays-itself',
        'negative-amount',
      ],
    )
    assert.deepEqual(done.state.collateralMicro, [10n, 10n])
  })

  it('no seat sees what another pays by the same clause', () => {
    const law = bind([
      settlement('true', { primitive: 'insurance', premium: '10', payout: '0' }),
      settlement('pool == 30', { primitive: 'insurance', premium: '1', payout: '0' }),
    ])
    assert.equal(settle(law, [50n, 50n, 50n], 1).state.poolMicro, 33n)
  })

  it('binds nobody but the signers, who may pay others', () => {
    const law = {
      ...bind([
        submission('true', { primitive: 'cap', limit: '1' }),
        settlement('true', { primitive: 'transfer', to: '2', amount: '5' }),
      ]),
      signer: [true, true, false],
      bound: [true, true, false],
    }
    const first = submit(law, [9n, 9n, 9n])
    assert.deepEqual(first.actions, [1n, 1n, 9n])
    const done = enforceSettlement(law, createLawState([10n, 10n, 0n]), view([9n, 9n, 9n]))
    assert.deepEqual(done.creditsMicro, [0n, 0n, 10n])
  })
})

describe('any law', () => {
  it('makes no money and loses none, whoever signed', () => {
    fc.assert(
      fc.property(randomRun(), ({ clauses, signer, collateral, rounds }) => {
        const law = { ...bind(clauses, signer.length), signer }
        let state = createLawState(collateral)
        const paid = collateral.map(() => 0n)
        let burned = 0n
        for (const [index, requests] of rounds.entries()) {
          const seen = view(requests, index + 1)
          const first = enforceSubmission(law, state, seen, requests)
          checkConserved(state, first)
          const second = enforceSettlement(law, first.state, seen)
          checkConserved(first.state, second)
          state = second.state
          burned += first.burnedMicro + second.burnedMicro
          for (const [seat] of paid.entries()) {
            paid[seat] = sumBigint(
              [paid[seat], first.creditsMicro[seat], second.creditsMicro[seat]].map((x) => x ?? 0n),
            )
          }
        }
        const end = settleEnd(state)
        assert.ok(end.every((credit) => credit >= 0n))
        assert.equal(sumBigint(end) + sumBigint(paid) + burned, sumBigint(collateral))
        assert.ok(decode(encode(state), 1_000_000).ok, 'the state is encodable')
      }),
      { numRuns: 300 },
    )
  })

  it('is unchanged by a run of its clauses: equal inputs give equal outputs', () => {
    fc.assert(
      fc.property(randomRun(), ({ clauses, signer, collateral, rounds }) => {
        const law = { ...bind(clauses, signer.length), signer }
        const requests = rounds[0] ?? []
        const run = () =>
          enforceSubmission(law, createLawState(collateral), view(requests), requests)
        assert.deepEqual(run(), run())
      }),
      { numRuns: 50 },
    )
  })
})

function checkConserved(before: LawState, done: Enforcement): void {
  const { state, creditsMicro, burnedMicro } = done
  const held = totalHeldMicro(state) - totalHeldMicro(before)
  assert.equal(held + sumBigint(creditsMicro) + burnedMicro, 0n)
  const parts = [
    ...state.collateralMicro,
    ...state.escrowMicro,
    ...creditsMicro,
    state.poolMicro,
    burnedMicro,
  ]
  assert.ok(
    parts.every((part) => part >= 0n),
    'nobody has debt',
  )
}

function submission(when: string, then: Primitive): Clause {
  return { at: 'submission', when, then }
}

function settlement(when: string, then: Primitive): Clause {
  return { at: 'settlement', when, then }
}

/** A law that every seat signed. */
function bind(clauses: readonly Clause[], seatCount = 5): BoundLaw {
  const law = checkLaw({ clauses }, LANGUAGE)
  assert.ok(law.ok, law.ok ? '' : law.error.code)
  const all = Array.from({ length: seatCount }, () => true)
  return { law: law.value, signer: all, bound: all }
}

function view(values: readonly (bigint | null)[], round = 1): View {
  const list = values.map((value) => value ?? 0n)
  return {
    common: { round: BigInt(round), stock: 100n },
    bySeat: { requests: list, catches: list },
    own: list.map(() => ({ history: [] })),
  }
}

function submit(law: BoundLaw, actions: readonly (bigint | null)[]) {
  return enforceSubmission(law, createLawState(actions.map(() => 0n)), view(actions), actions)
}

function capped(limit: string, over: string): bigint | null | undefined {
  const law = bind([submission('true', { primitive: 'cap', limit, over })])
  return submit(law, [100n, 100n]).actions[0]
}

function settle(
  law: BoundLaw,
  collateral: readonly bigint[],
  round: number,
  catches: readonly bigint[] = collateral.map(() => 0n),
): Enforcement {
  return enforceSettlement(law, createLawState(collateral), view(catches, round))
}

function randomRun() {
  const when = fc.constantFrom(
    'true',
    'self == 0',
    'self > 1',
    'requests[self] > 10',
    'violations > 0',
    'escrow < 40',
    'pool > 50',
    'round == 1',
    '1 / self > 0',
    'requests.exists(r, r > requests[self])',
  )
  const int = fc.constantFrom(
    '0',
    '1',
    '7',
    '40',
    '1000',
    '-1',
    'requests[self]',
    'pool',
    'escrow',
    '100 / self',
    'self * 13',
    'violations + 1',
    'sum(requests)',
    '9223372036854775807',
  )
  const to = fc.constantFrom('0', 'self', '(self + 1) % n', 'n - 1', '9', 'requests[self] % n')
  const primitive: fc.Arbitrary<Primitive> = fc.oneof(
    fc.record({ primitive: fc.constant('transfer'), to, amount: int }),
    fc.record({ primitive: fc.constant('escrow'), amount: int }),
    fc.record({ primitive: fc.constant('release'), to, amount: int }),
    fc.record({ primitive: fc.constant('sanction'), amount: int }),
    fc.record({ primitive: fc.constant('graduatedSanction'), base: int, multiplier: int }),
    fc.record({ primitive: fc.constant('insurance'), premium: int, payout: int }),
    fc.record({ primitive: fc.constant('participationCost'), amount: int }),
  )
  const clause = fc.record({
    at: fc.constantFrom('submission', 'settlement'),
    when,
    then: primitive,
  })
  const amount = fc.bigInt({ min: 0n, max: 300n })
  return fc.integer({ min: 1, max: 6 }).chain((seats) =>
    fc.record({
      clauses: fc.array(clause, { minLength: 1, maxLength: 6 }),
      signer: fc.array(fc.boolean(), { minLength: seats, maxLength: seats }),
      collateral: fc.array(amount, { minLength: seats, maxLength: seats }),
      rounds: fc.array(
        fc.array(fc.bigInt({ min: 0n, max: 60n }), { minLength: seats, maxLength: seats }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  )
}
