import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { encode } from '../../codec/cbor.ts'
import { type Cid, cidOf } from '../../codec/cid.ts'
import { present } from '../../invariant.ts'
import type { Ledger } from '../../ledger/draft.ts'
import type { ForecastKind, Statement } from '../../message/forecast.ts'
import type { Transaction, TransactionBody } from '../../message/transaction.ts'
import { datasetRoot, proveRecord } from '../../resolution/dataset.ts'
import { agentOf, ForecastWorld, RECORDS, reporting } from '../../testing/index.ts'
import { buildBlock } from '../execute-block.ts'
import { questions } from './market.ts'

/** Eight hold accounts and locks, from a micro-token on; one is a stranger. */
const NAMES = ['0', '1', '2', '3', '4', '5', '6', '7', '8'] as const
const LOCKS_MICRO = [1_000_000n, 1_000_000n, 3n, 999_999n, 1n, 50_000_000n, 2_000_000n, 70n]
const AMOUNTS = [0n, 1n, 7n, 1_000_000n, 30_000_000n, 999_000_000n, 2n ** 63n - 1n] as const

type Kind = ForecastKind | 'duties' | 'transfer' | 'bond' | 'unbond' | 'evidence'
const KINDS: readonly Kind[] = [
  ...Array.from({ length: 12 }, () => 'duties' as const),
  'question',
  'question',
  'assert',
  'dispute',
  'seal-statement',
  'reveal-statement',
  'admit',
  'stream',
  'lock',
  'close-lock',
  'resolve',
  'seal-verdict',
  'reveal-verdict',
  'transfer',
  'bond',
  'unbond',
  'evidence',
]

/** One thing that somebody does, by numbers: what they mean depends on where the world stands. */
export interface RandomAct {
  readonly name: string
  readonly kind: Kind
  readonly amountMicro: bigint
  readonly bits: number
}

const actArbitrary: fc.Arbitrary<RandomAct> = fc.record({
  name: fc.constantFrom(...NAMES),
  kind: fc.constantFrom(...KINDS),
  amountMicro: fc.constantFrom(...AMOUNTS),
  bits: fc.nat(2 ** 20),
})
/** Blocks of up to five acts. */
export const blocksArbitrary: fc.Arbitrary<readonly (readonly RandomAct[])[]> = fc.array(
  fc.array(actArbitrary, { maxLength: 5 }),
  {
    minLength: 60,
    maxLength: 140,
  },
)

type Act = readonly [name: string, body: TransactionBody]

export function createWorld(): ForecastWorld {
  return new ForecastWorld({
    agents: 8,
    locksMicro: LOCKS_MICRO,
    forecast: {
      schedule: { epochMicro: 1_000_003n, halvingEpochs: 3 },
      questionCountMax: 5,
      resolveHeightsMax: 12,
      jurySizes: [2, 3, 4],
      assertBondMicro: 5_000_001n,
      juryWeightBpsMax: 2_000,
    },
  })
}

function bodyOf(world: ForecastWorld, act: RandomAct): TransactionBody {
  const { name, kind, amountMicro, bits } = act
  const to = agentOf(present(NAMES[bits % NAMES.length], 'it is an index'))
  const question = questionAt(world, bits)
  const outcome = (bits >> 4) % 3
  const snapshot = (bits >> 6) % 3
  switch (kind) {
    case 'transfer':
      return { kind, to, amountMicro }
    case 'bond':
    case 'unbond':
    case 'lock':
      return { kind, amountMicro }
    case 'question':
      return questionOf(world, bits)
    case 'admit':
      return { kind, question }
    case 'assert':
    case 'dispute':
      return { kind, question, outcome }
    case 'stream':
      return { kind, shares: sharesOf(bits) }
    case 'seal-statement':
      return world.sealStatement(name, question, statementOf(name, question, bits), snapshot)
    case 'reveal-statement':
      return world.openStatement(name, question, statementOf(name, question, bits), snapshot)
    case 'resolve': {
      const index = (bits >> 3) % 2
      return {
        kind,
        question,
        record: present(RECORDS[index], 'it is there'),
        proof: proveRecord(RECORDS, (bits >> 5) % 2),
      }
    }
    case 'seal-verdict':
      return world.sealVerdict(name, question, outcome, 1 + ((bits >> 6) % 3))
    case 'reveal-verdict':
      return world.openVerdict(name, question, outcome, 1 + ((bits >> 6) % 3))
    case 'evidence': {
      const accused = present(NAMES[bits % NAMES.length], 'it is an index')
      const epoch = Math.max(0, world.head.epoch - ((bits >> 4) % 3))
      const vote = (view: 'nullify' | 'finalize'): Uint8Array =>
        view === 'nullify'
          ? world.say(accused, { kind: view, author: to, epoch, view: 1 })
          : world.say(accused, { kind: view, author: to, epoch, view: 1, block: question })
      return { kind, first: vote('nullify'), second: vote('finalize') }
    }
    case 'close-lock':
    case 'duties':
      return { kind: 'close-lock' }
  }
}

/** A question that is there, or one that nobody asked. */
function questionAt(world: ForecastWorld, bits: number): Cid {
  const ids = idsOf(world)
  return ids[bits % (ids.length + 1)] ?? cidOf(encode(bits))
}

function idsOf(world: ForecastWorld): readonly Cid[] {
  return [...questions.entries(world.ledger)].map(([id]) => id)
}

function questionOf(world: ForecastWorld, bits: number): TransactionBody {
  const openHeight = world.head.height + (bits % 3 === 0 ? 2 : 10) + ((bits >> 2) % 4)
  const first = { closeHeight: openHeight + 7 + ((bits >> 4) % 2), weightBps: 3_001 }
  const second = { closeHeight: first.closeHeight + 8, weightBps: 6_999 }
  const isLong = (bits >> 5) % 2 === 0
  const snapshots = isLong ? [first, second] : [{ ...first, weightBps: 10_000 }]
  const index = (bits >> 6) % 2
  const column = (bits >> 7) % 8 === 0 ? 'rain' : 'outcome'
  const root = datasetRoot(RECORDS)
  return {
    kind: 'question',
    ...world.wording({
      openHeight,
      snapshots,
      resolveHeight: (isLong ? second : first).closeHeight + 1 + ((bits >> 10) % 3),
      resolver:
        (bits >> 8) % 3 === 0 ? { kind: 'dataset', root, index, column } : { kind: 'schelling' },
      weight: 1 + ((bits >> 12) % 3),
      referenceBps: (bits >> 14) % 9 === 0 ? [99, 9_901] : [2_000, 8_000],
    }),
  }
}

function sharesOf(bits: number) {
  const receivers = NAMES.filter((_, index) => (bits >> index) % 2 === 1).map(agentOf)
  const each = Math.floor(((bits >> 9) % 9_000) / Math.max(1, receivers.length))
  return receivers.toSorted().map((to) => ({ to, bps: each }))
}

/** What a name says about a question: always the same, so that it can be opened; sometimes no report at all. */
function statementOf(name: string, question: Cid, bits: number): Statement {
  const place = Number.parseInt(name, 10) + (question.codePointAt(question.length - 2) ?? 0)
  if (bits % 16 === 0) return reporting(99)
  if (place % 7 === 0) return { ...reporting(5_000), report: null }
  return reporting(100 + ((place * 2_003) % 9_801))
}

/** What those who are honest owe every question, in a block; the bits leave some of them out. */
function dutiesOf(world: ForecastWorld, bits: number): readonly Act[] {
  return idsOf(world).flatMap((id) =>
    NAMES.slice(0, 8).flatMap((name, index): readonly Act[] => {
      if ((bits >> index) % 4 === 0) return []
      const body = dutyOf(world, name, id, bits)
      return body === undefined ? [] : [[name, body]]
    }),
  )
}

function dutyOf(
  world: ForecastWorld,
  name: string,
  id: Cid,
  bits: number,
): TransactionBody | undefined {
  const { stage, snapshots, resolver } = world.question(id)
  const statement = statementOf(name, id, 1)
  const open = snapshots.findIndex(({ closeHeight }) => world.head.height < closeHeight)
  const verdict = (bits >> 10) % 3 > 0 ? Number.parseInt(name, 10) % 2 : 0
  switch (stage.at) {
    case 'proposed':
      return { kind: 'admit', question: id }
    case 'open':
      return world.sealStatement(name, id, statement, open)
    case 'revealing':
      return world.openStatement(name, id, statement, (bits >> 13) % snapshots.length)
    case 'waiting':
      return resolver.kind === 'schelling'
        ? { kind: 'assert', question: id, outcome: bits % 2 }
        : world.resolution(id)
    case 'asserted':
      return (bits >> 12) % 3 === 0 ? { kind: 'dispute', question: id, outcome: 0 } : undefined
    case 'jury':
      return stage.step === 'seal'
        ? world.sealVerdict(name, id, verdict, stage.juries.length)
        : world.openVerdict(name, id, verdict, stage.juries.length)
    case 'disputed':
    case 'final':
      return undefined
  }
}

/** A block: the ledger before it, and what was applied in it. */
export interface Played {
  readonly world: ForecastWorld
  readonly before: Ledger
  readonly applied: readonly Transaction[]
}

/** Plays the blocks, and then empty ones until no question is left; `watch` sees each. */
export function play(
  blocks: readonly (readonly RandomAct[])[],
  watch: (played: Played) => void = () => {},
): ForecastWorld {
  const world = createWorld()
  for (const acts of blocks) watch(playBlock(world, acts))
  for (let count = 0; idsOf(world).length > 0; count += 1) {
    assert.ok(count < 500, 'every question is over some day')
    watch(playBlock(world, []))
  }
  return world
}

function playBlock(world: ForecastWorld, acts: readonly RandomAct[]): Played {
  const before = world.ledger
  const candidates = world.signAll(
    acts.flatMap((act): readonly Act[] =>
      act.kind === 'duties' ? dutiesOf(world, act.bits) : [[act.name, bodyOf(world, act)]],
    ),
  )
  const { transactions, post } = buildBlock(world.context, before, candidates)
  // Value is counted there.
  assert.ok(world.execute(transactions).ok)
  assert.equal(world.ledger.digest(), post.ledger.digest())
  const succeeded = new Set(post.receipts.filter(({ code }) => code === 'ok').map(({ id }) => id))
  const applied = candidates.filter(({ id }) => succeeded.has(id)).map(({ message }) => message)
  return { world, before, applied }
}
