import * as fc from 'fast-check'
import { encode } from '../codec/cbor.ts'
import { cidOf } from '../codec/cid.ts'
import type { Clause } from '../contract/terms.ts'
import { termsCid } from '../contract/terms.ts'
import { present } from '../invariant.ts'
import type { TransactionBody } from '../message/transaction.ts'
import { agentOf, COMMONS, type LedgerWorld } from '../testing/index.ts'

/** Five have a seat, two may take one, two have no account. */
const NAMES = ['0', '1', '2', '3', '4', '5', '6', '7', '8'] as const
const AMOUNTS = [0n, 1n, 5_000_000n, 400_000_000n, 989_000_000n, 2n ** 63n - 1n] as const

const CLAUSES: readonly Clause[] = [
  { at: 'submission', when: 'true', then: { primitive: 'cap', limit: 'stock', over: '10' } },
  { at: 'submission', when: 'self == 4', then: { primitive: 'override', action: '0' } },
  {
    at: 'submission',
    when: 'true',
    then: { primitive: 'override', action: '9223372036854775807' },
  },
  { at: 'submission', when: 'true', then: { primitive: 'escrow', amount: '1000000' } },
  { at: 'submission', when: 'true', then: { primitive: 'participationCost', amount: '7' } },
  {
    at: 'submission',
    when: 'absent[self] == 1',
    then: { primitive: 'sanction', amount: '99999999' },
  },
  {
    at: 'settlement',
    when: 'catches[self] > 10',
    then: { primitive: 'graduatedSanction', base: '1000', multiplier: '9223372036854775807' },
  },
  {
    at: 'settlement',
    when: 'self != 0',
    then: { primitive: 'transfer', to: '0', amount: 'catches[self] * 100001' },
  },
  {
    at: 'settlement',
    when: 'true',
    then: { primitive: 'insurance', premium: '300001', payout: 'self == 1 ? 700000 : 0' },
  },
  {
    at: 'settlement',
    when: 'true',
    then: { primitive: 'release', to: 'self', amount: 'escrow / 3' },
  },
  { at: 'settlement', when: 'true', then: { primitive: 'transfer', to: 'n', amount: '1' } },
]

/** One thing that somebody does, by numbers: what they mean depends on where the world stands. */
export interface RandomAct {
  readonly name: (typeof NAMES)[number]
  readonly kind: (typeof KINDS)[number]
  readonly amountMicro: bigint
  readonly other: number
  readonly bits: number
}

const KINDS = [
  'duties',
  'duties',
  'duties',
  'register',
  'transfer',
  'faucet',
  'bond',
  'unbond',
  'seat',
  'leave',
  'agreement',
  'agreement',
  'again',
  'terminate',
  'seal',
  'reveal',
  'pass',
  'seal-share',
  'reveal-share',
  'evidence',
] as const

const actArbitrary: fc.Arbitrary<RandomAct> = fc.record({
  name: fc.constantFrom(...NAMES),
  kind: fc.constantFrom(...KINDS),
  amountMicro: fc.constantFrom(...AMOUNTS),
  other: fc.nat(NAMES.length - 1),
  bits: fc.nat(2 ** 20),
})

/** Blocks of up to six acts. */
export const blocksArbitrary: fc.Arbitrary<readonly (readonly RandomAct[])[]> = fc.array(
  fc.array(actArbitrary, { maxLength: 6 }),
  { minLength: 10, maxLength: 60 },
)

type Act = readonly [name: string, body: TransactionBody]

/** What an act is where the world stands: none, one, or everything that is owed. */
export function meaningOf(world: LedgerWorld, act: RandomAct): readonly Act[] {
  if (act.kind === 'duties') return dutiesOf(world, act)
  const body = bodyOf(world, act)
  return body === undefined ? [] : [[act.name, body]]
}

function dutiesOf(world: LedgerWorld, { amountMicro, bits }: RandomAct): readonly Act[] {
  const { phase, epoch } = world.head
  const seats = world.seated()
  // Nobody remembers anything here, so what a seat does follows from where it sits and when.
  const action = (seat: number): bigint => BigInt((epoch * 31 + seat * 17) % 60)
  switch (phase) {
    case 'negotiate':
      return seats.map((name) => [name, { kind: 'pass', subnet: COMMONS }])
    case 'signal':
      return world.validators().map((name) => [name, world.openShare(name, 'signal')])
    case 'seal':
      return [
        ...seats.map((name, seat): Act => [name, world.sealOf(name, action(seat))]),
        ...world.validators().map((name): Act => [name, world.closeShare(name, 'beacon')]),
        ...world.validators().map((name): Act => [name, world.closeShare(name, 'signal')]),
      ]
    case 'reveal':
      // Who has forgotten what it sealed cannot open it.
      return seats.map((name, seat) => [
        name,
        world.revealOf(name, amountMicro === 0n ? 0n : action(seat)),
      ])
    case 'beacon':
      return world
        .validators()
        .filter((_, index) => index > 0 || bits % 2 === 0)
        .map((name) => [name, world.openShare(name, 'beacon')])
  }
}

function bodyOf(world: LedgerWorld, act: RandomAct): TransactionBody | undefined {
  const { name, kind, amountMicro, other, bits } = act
  const to = agentOf(present(NAMES[other], 'it is an index'))
  switch (kind) {
    case 'register':
      return {
        kind,
        name: 'x'.repeat(other),
        roles: ['harvester'],
        endpoint: '',
        prosociality: bits,
      }
    case 'transfer':
      return { kind, to, amountMicro }
    case 'faucet':
      return { kind }
    case 'bond':
    case 'unbond':
      return { kind, amountMicro }
    case 'seat':
    case 'leave':
    case 'pass':
      return { kind, subnet: bits % 7 === 0 ? 'elsewhere' : COMMONS }
    case 'agreement':
      return agreementOf(world, act)
    case 'again': {
      const again = standingOf(world, other)
      return again === undefined ? undefined : world.agreement(again.terms, namesIn(bits))
    }
    case 'terminate': {
      const standing = standingOf(world, other)
      const agreement = standing === undefined ? cidOf(encode(bits)) : termsCid(standing.terms)
      const expiresAtHeight = world.head.height + 2
      const consents = namesIn(bits).map((party) =>
        world.say(party, { kind: 'consent', author: agentOf(party), agreement, expiresAtHeight }),
      )
      return { kind, agreement, consents }
    }
    case 'seal':
      return world.sealOf(name, BigInt(bits))
    case 'reveal':
      return world.revealOf(name, BigInt(bits))
    case 'seal-share':
      return world.closeShare(name, bits % 2 === 0 ? 'beacon' : 'signal')
    case 'reveal-share':
      return world.openShare(name, bits % 2 === 0 ? 'beacon' : 'signal')
    case 'evidence': {
      const author = to
      const epoch = Math.max(0, world.head.epoch - (bits % 6))
      const accused = present(NAMES[other], 'it is an index')
      const vote = (block: string): Uint8Array =>
        world.say(accused, {
          kind: 'notarize',
          author,
          epoch,
          view: 1,
          block: cidOf(encode(block)),
        })
      return { kind, first: vote('a'), second: vote(bits % 3 === 0 ? 'a' : 'b') }
    }
    case 'duties':
      return undefined
  }
}

function agreementOf(
  world: LedgerWorld,
  { amountMicro, other, bits }: RandomAct,
): TransactionBody | undefined {
  const { epoch } = world.head
  const seats = world.seated()
  const isAll = bits % 5 !== 0
  const parties = isAll ? seats : seats.filter((_, seat) => (bits >> seat) % 2 === 0)
  if (parties.length === 0) return undefined
  const clauses = CLAUSES.filter((_, index) => (bits >> index) % 3 === 0)
  const from = epoch + (bits % 3)
  const terms = world.terms({
    parties: parties.map((name) => agentOf(name)),
    quorum: 1 + (bits % parties.length),
    rounds: [from, from + (bits % 4)],
    law: { clauses },
    collateralMicro: parties.map((_, party) => (party === other ? amountMicro : 9_000_001n)),
    replaces: standingOf(world, other)?.id ?? null,
  })
  return world.agreement(terms, bits % 4 === 0 ? namesIn(bits) : parties)
}

function standingOf(world: LedgerWorld, index: number) {
  const id = world.run.agreements[index % Math.max(1, world.run.agreements.length)]
  if (id === undefined) return undefined
  return { id, terms: world.standing(id).terms }
}

function namesIn(bits: number): readonly string[] {
  return ['0', '1', '2', '3', '4', '5'].filter((_, index) => (bits >> index) % 2 === 1)
}
