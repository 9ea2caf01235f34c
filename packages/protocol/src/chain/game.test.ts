import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clause } from '../contract/terms.ts'
import { createTable } from '../ledger/draft.ts'
import { TOKEN_MICRO } from '../schema/atoms.ts'
import { signalState } from '../subnet/game/hidden-state.ts'
import { gameParamsSchema } from '../subnet/game/params.ts'
import type { GameRow } from '../subnet/game/state.ts'
import { COMMONS, LedgerWorld } from '../testing/ledger-world.ts'
import { rowKey } from './instance.ts'

const rows = createTable<GameRow>('row')

/** Two agents and one game, which goes by the name that tests give their one instance. */
function createWorld(params: object): LedgerWorld {
  return new LedgerWorld({ agents: 2, instance: { kind: 'game', params } })
}

function rowOf(world: LedgerWorld, epoch: number): GameRow | undefined {
  return rows.find(world.ledger, rowKey(COMMONS, epoch))
}

const DILEMMA = {
  form: 'matrix',
  row: [
    [10, 7, -8, -8],
    [12, 6, -12, -12],
    [18, 18, -2, 0],
    [16, 16, -4, -6],
  ],
  cells: [0, 0, 1, 1],
  matching: 'fixed',
}

test('a game is played on the ledger: the law fines a base action and leaves payoffs alone', () => {
  const world = createWorld({ game: DILEMMA, rounds: 2, language: 'own-action' })
  const fine: Clause = {
    at: 'submission',
    when: 'base == 1',
    then: { primitive: 'sanction', amount: '900000' },
  }
  const terms = world.terms({
    rounds: [1, 2],
    law: { clauses: [fine] },
    collateralMicro: [5n * TOKEN_MICRO, 5n * TOKEN_MICRO],
  })
  assert.equal(world.act('0', world.agreement(terms, ['0', '1'])).code, 'ok')
  world.playRound([2n, 1n])
  assert.deepEqual(rowOf(world, 1)?.payoffs, [18, -12])
  assert.deepEqual(rowOf(world, 1)?.bases, [1, 0])
  const settled = world.events.findLast((event) => event.kind === 'round-settled')
  assert.ok(settled?.kind === 'round-settled')
  const paid = settled.laws.flatMap(({ records }) => records)
  assert.deepEqual(
    paid.map((record) => (record.kind === 'payment' ? [record.seat, record.takenMicro] : [])),
    [[0, 900_000n]],
  )
  world.playRound([0n, 0n])
  assert.equal(rowOf(world, 2)?.status, 'finished')
  assert.equal(world.run.status, 'ended')
})

test('a law that names effort forms only where the language has a word for it', () => {
  const law = {
    clauses: [
      {
        at: 'submission',
        when: 'actions[self] == 1',
        then: { primitive: 'sanction', amount: '1' },
      } as const,
    ],
  }
  for (const [language, code] of [
    ['own-action', 'unknown-variable'],
    ['base-actions', 'unknown-variable'],
    ['full', 'ok'],
  ] as const) {
    const world = createWorld({ game: DILEMMA, language })
    const terms = world.terms({ law })
    assert.equal(world.act('0', world.agreement(terms, ['0', '1'])).code, code)
  }
})

test('an action beyond the last row cannot be opened, and counts as absence', () => {
  const world = createWorld({ game: DILEMMA, defaultAction: 3 })
  world.passNegotiation()
  world.advance('seal')
  world.sealAll([4n, 0n])
  world.advance('reveal')
  assert.equal(world.act('0', world.revealOf('0', 4n)).code, 'action-out-of-range')
  world.act('1', world.revealOf('1', 0n))
  world.advance('beacon')
  world.block(...world.validators().map((name) => [name, world.openShare(name, 'beacon')] as const))
  assert.deepEqual(rowOf(world, 1)?.absent, [true, false])
  assert.deepEqual(rowOf(world, 1)?.payoffs, [16, -8])
})

test('a game with a hidden state shows it to seats before they act, in a phase of its own', () => {
  const given = { game: { form: 'hidden-state' } }
  const world = createWorld(given)
  const params = gameParamsSchema.parse(given)
  world.passNegotiation()
  assert.equal(world.head.phase, 'signal')
  world.block(...world.validators().map((name) => [name, world.openShare(name, 'signal')] as const))
  const shown = signalState(params, world.head.signal)
  assert.ok(shown === 0 || shown === 1)
  world.playRound([BigInt(shown), BigInt(shown)])
  const row = rowOf(world, 1)
  assert.equal(row?.state, shown)
  assert.deepEqual(row?.payoffs, shown === 1 ? [3, 3] : [0, 0])
})
