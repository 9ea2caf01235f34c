import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { buildBlock } from '../chain/execute-block.ts'
import { blocksArbitrary, meaningOf } from '../chain/random-acts.test.ts'
import type { Clause } from '../contract/terms.ts'
import { syncFrameSchema } from '../message/sync.ts'
import { agentOf, ForecastWorld, LedgerWorld, reporting } from '../testing/index.ts'
import { misnamedIn, reloaded } from '../testing/ledger-checks.ts'

const CLAUSES: readonly Clause[] = [
  { at: 'submission', when: 'true', then: { primitive: 'escrow', amount: '1000' } },
  { at: 'submission', when: 'true', then: { primitive: 'sanction', amount: '1000' } },
  {
    at: 'submission',
    when: 'true',
    then: { primitive: 'insurance', premium: '1000', payout: '1' },
  },
]

/** Everything that a ledger can hold at once: shares, seals, a law with a hold-out, stake on its way, an offence. */
function createRichWorld(mode: string): LedgerWorld {
  const world = new LedgerWorld({
    agents: 6,
    seated: 5,
    instance: { params: { regeneration: { mode } }, repeat: true },
  })
  const asked = world.run.seats.map(() => 5_000_000n)
  const terms = world.terms({
    rounds: [1, 9],
    law: { clauses: CLAUSES },
    collateralMicro: asked,
  })
  const future = world.terms({ rounds: [20, 29], law: { clauses: [] } })
  world.block(
    ['5', { kind: 'seat', subnet: 'commons' }],
    ['4', { kind: 'leave', subnet: 'commons' }],
    ['3', { kind: 'unbond', amountMicro: 5n }],
    ['3', { kind: 'faucet' }],
    ['0', world.agreement(future, ['0', '1', '2', '3'])],
    ['0', world.agreement(terms, ['0', '1', '2', '3'])],
  )
  world.playRound([1n, 2n, null, 3n, 60n])
  world.advance('seal')
  world.sealAll([1n, 2n, 3n, null, 4n])
  const epoch = 1
  const author = world.run.seats[2]
  assert.ok(author !== undefined)
  const vote = (view: 'nullify' | 'finalize'): Uint8Array =>
    view === 'nullify'
      ? world.say('2', { kind: view, author, epoch, view: 1 })
      : world.say('2', { kind: view, author, epoch, view: 1, block: world.context.networkId })
  world.act('0', { kind: 'evidence', first: vote('nullify'), second: vote('finalize') })
  return world
}

for (const mode of ['deterministic', 'iid', 'private-signal', 'hysteresis']) {
  test(`in the ledger of a ${mode} commons a field is a bigint exactly if its name ends in Micro`, () => {
    const world = createRichWorld(mode)
    const kinds = new Set([...world.ledger.entries()].map(([key]) => key.split('/')[0]))
    assert.deepEqual([...kinds].toSorted(), [
      'account',
      'agreement',
      'head',
      'hold',
      'instance',
      'punished',
      'row',
      'run',
      'share',
      'state',
      'treasury',
    ])
    assert.deepEqual(misnamedIn(world.ledger), [])
  })
}

/** Everything that a market can hold at once: sealed and opened statements, streams, a jury, a lock on its way out. */
function createRichMarket(): ForecastWorld {
  const world = new ForecastWorld({ agents: 9 })
  const waiting = world.ask(0, { resolver: { kind: 'schelling' } })
  const bps = reporting(6_000)
  world.block(
    ['1', world.sealStatement('1', waiting, bps)],
    ['2', world.sealStatement('2', waiting, bps)],
    ['3', { kind: 'stream', shares: [{ to: agentOf(4), bps: 100 }] }],
    ['4', { kind: 'close-lock' }],
  )
  world.advanceToStage(waiting, 'revealing')
  world.act('1', world.openStatement('1', waiting, bps))
  world.act('2', world.openStatement('2', waiting, bps))
  world.act('5', { kind: 'assert', question: waiting, outcome: 1 })
  world.act('6', { kind: 'dispute', question: waiting, outcome: 0 })
  world.advanceToStage(waiting, 'jury')
  const [juror] = world.lastEvent('jury-drawn').jurors
  assert.ok(juror !== undefined)
  world.act(world.nameOf(juror), world.sealVerdict(world.nameOf(juror), waiting, 0))
  const asked = world.ask('7', { openHeight: world.head.height + 20 })
  world.act('0', { kind: 'admit', question: asked })
  const open = world.ask('0')
  world.act('8', world.sealStatement('8', open, bps))
  return world
}

test('in the ledger of a market a field is a bigint exactly if its name ends in Micro', () => {
  const { ledger } = createRichMarket()
  const kinds = new Set([...ledger.entries()].map(([key]) => key.split('/')[0]))
  assert.deepEqual([...kinds].toSorted(), [
    'account',
    'closing',
    'due',
    'entry',
    'head',
    'hold',
    'lock',
    'market',
    'question',
    'stream',
    'treasury',
    'unsettled',
  ])
  assert.deepEqual(misnamedIn(ledger), [])
})

test('whatever is done, every bigint of the ledger has a name that says so', () => {
  fc.assert(
    fc.property(fc.constantFrom('members', 'signers'), blocksArbitrary, (binding, blocks) => {
      const world = new LedgerWorld({ agents: 7, seated: 5, instance: { binding } })
      for (const acts of blocks) {
        const candidates = world.signAll(acts.flatMap((act) => meaningOf(world, act)))
        world.execute(buildBlock(world.context, world.ledger, candidates).transactions)
        assert.deepEqual(misnamedIn(world.ledger), [])
      }
    }),
    { numRuns: 20 },
  )
})

for (const world of [createRichWorld('private-signal'), createRichMarket()]) {
  test('a rich ledger comes back from its entries with the same digest and the same values in memory', () => {
    const { ledger } = world
    const loaded = reloaded(ledger)
    assert.equal(loaded.digest(), ledger.digest())
    assert.deepEqual([...loaded.entries()], [...ledger.entries()])
  })
}

test('a peer cannot send entries with keys that no ledger has', () => {
  const isFrame = (key: string): boolean =>
    syncFrameSchema.safeParse({ kind: 'entries', entries: [[key, 1]] }).success
  assert.equal(isFrame('account/x'), true)
  assert.equal(isFrame('k'.repeat(256)), true)
  for (const key of ['', 'a\0b', '\ud800', 'k'.repeat(257), '\u20ac'.repeat(86)]) {
    assert.equal(isFrame(key), false)
  }
})
