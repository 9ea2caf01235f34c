import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type BoundLaw,
  checkLaw,
  commons,
  createLawState,
  digestOf,
  type Law,
  namesRead,
  present,
  settleRound,
} from '@commonweal/protocol'
import { array, assert as assertProperty, bigInt, boolean, property, record } from 'fast-check'
import { rememberedEnforcer } from './remembered-enforcement.ts'

const SEAT_COUNT = 3
const DIGEST = digestOf(Uint8Array.of(1))
const params = commons.paramsSchema.parse({ rounds: 6 })

const LAWS: readonly Law[] = [
  { clauses: [{ at: 'submission', when: 'true', then: { primitive: 'cap', limit: 'stock / 6' } }] },
  {
    clauses: [
      {
        at: 'submission',
        when: 'size(history) > 0 && history[size(history) - 1] > 20',
        then: { primitive: 'cap', limit: '[1, 2, 3][self] * round' },
      },
    ],
  },
  {
    clauses: [
      { at: 'submission', when: 'self == 0', then: { primitive: 'escrow', amount: '50' } },
      {
        at: 'settlement',
        when: 'catches[self] > stockAfter / 4',
        then: { primitive: 'graduatedSanction', base: '7', multiplier: '2' },
      },
      {
        at: 'settlement',
        when: 'round > 2',
        then: { primitive: 'insurance', premium: '3', payout: 'sum(absent) * 5' },
      },
    ],
  },
]

describe('an enforcer that remembers', () => {
  for (const [index, law] of LAWS.entries()) {
    it(`settles every round of law ${index} as the ledger does, however often it is asked`, () => {
      const bound = bind(law, [true, true, false])
      assertProperty(
        property(array(roundOf(), { minLength: 1, maxLength: 6 }), (rounds) => {
          for (let again = 0; again < 2; again++) playBoth(bound, rounds)
        }),
        { numRuns: 60, seed: 1 },
      )
    })
  }

  it('takes laws apart that differ in who signs', () => {
    const law = present(LAWS[2], 'there are three laws')
    const round = [
      { action: 40n, absent: false },
      { action: 1n, absent: true },
      { action: 9n, absent: false },
    ]
    playBoth(bind(law, [true, true, false]), [round, round])
    playBoth(bind(law, [true, false, false]), [round, round])
  })
})

describe('the names that a law reads', () => {
  it('are those of its point, without the variables of the law itself', () => {
    const read = LAWS.map((law) => bind(law, [true, true, true]).law)
    assert.deepEqual(
      read.map((law) => [namesRead(law, 'submission'), namesRead(law, 'settlement')]),
      [
        [['stock'], []],
        [['history', 'round'], []],
        [[], ['absent', 'catches', 'round', 'stockAfter']],
      ],
    )
  })
})

function roundOf() {
  const seat = record({ action: bigInt(0n, 40n), absent: boolean() })
  return array(seat, { minLength: SEAT_COUNT, maxLength: SEAT_COUNT })
}

function bind(law: Law, signer: readonly boolean[]): BoundLaw {
  const checked = checkLaw(law, commons.language(params, SEAT_COUNT))
  const known = present(checked.ok ? checked.value : null, 'the law is admitted')
  return { law: known, signer, bound: signer.map(() => true) }
}

type Actions = readonly { readonly action: bigint; readonly absent: boolean }[]

/** Plays a run twice side by side: by the ledger's own enforcement, and by the one that remembers. */
function playBoth(bound: BoundLaw, rounds: readonly Actions[]): void {
  const randomness = { beacon: DIGEST, signal: DIGEST }
  let state = commons.start(params, SEAT_COUNT)
  let lawState = createLawState([100n, 40n, 10n])
  let remembered = lawState
  for (const actions of rounds) {
    if (commons.isEnded(params, state)) return
    const round = { params, state, actions, randomness }
    const own = settleRound(commons, { ...round, laws: [{ bound, state: lawState }] })
    const laws = [{ bound, state: remembered }]
    assert.deepEqual(settleRound(commons, { ...round, laws }, rememberedEnforcer), own)
    state = own.state
    lawState = own.laws[0]?.state ?? lawState
    remembered =
      settleRound(commons, { ...round, laws }, rememberedEnforcer).laws[0]?.state ?? remembered
  }
}
