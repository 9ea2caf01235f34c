import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Clause, TOKEN_MICRO } from '@commonweal/protocol'
import { LedgerWorld } from '@commonweal/protocol/testing'
import { collateral, TENTH, totalCatches } from './harvest.ts'

const SIGNERS = ['0', '1', '2', '3']
const ROUNDS = 12
/** A token for whoever asks for more than its tenth. */
const FINE: Clause = {
  at: 'submission',
  when: 'requests[self] > stock / 10',
  then: { primitive: 'sanction', amount: '1000000' },
}

/** Twelve rounds in which four sign for a tenth each and the fifth does as it likes. */
function play(
  binding: 'members' | 'signers',
  requestOf: (round: number) => bigint,
  clauses: readonly Clause[] = [TENTH],
): LedgerWorld {
  const world = new LedgerWorld({ instance: { binding } })
  const terms = world.terms({
    rounds: [1, ROUNDS],
    law: { clauses },
    ...collateral(world, 50n * TOKEN_MICRO),
  })
  assert.equal(world.act('0', world.agreement(terms, SIGNERS)).code, 'ok')
  for (let round = 1; round <= ROUNDS && world.run.status === 'running'; round += 1) {
    world.playRound([10n, 10n, 10n, 10n, requestOf(round)])
  }
  return world
}

/** Modest until the last round, and then everything that the others leave. */
const endGrab = (round: number): bigint => (round === ROUNDS ? 60n : 10n)

describe('hold out', () => {
  it('where only signers are bound a hold-out catches 170 while they catch 120: holding out pays', () => {
    assert.deepEqual(totalCatches(play('signers', endGrab)), [120, 120, 120, 120, 170])
  })

  it('where members are bound it catches 120 like those that signed, whatever it asks for', () => {
    for (const request of [endGrab, () => 100n, () => 1_000_000_000n]) {
      assert.deepEqual(totalCatches(play('members', request)), [120, 120, 120, 120, 120])
    }
  })

  it('nor is it above the law that it did not sign: who violates it pays what a signer would', () => {
    const world = play('members', () => 100n, [FINE, TENTH])
    const paid = world.events.flatMap((event) =>
      event.kind === 'round-settled' ? event.laws.flatMap(({ records }) => records) : [],
    )
    const fines = paid.filter((record) => record.kind === 'payment' && record.takenMicro > 0n)
    assert.deepEqual(
      fines.map((record) => record.seat),
      Array.from({ length: ROUNDS }, () => 4),
    )
    // Equal fees and bonds apart, it ends twelve tokens poorer than a signer that was posted nothing.
    const poorer = world.account('1').balanceMicro - world.account('4').balanceMicro
    assert.equal(poorer, 12n * TOKEN_MICRO)
  })
})
