import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TOKEN_MICRO, termsCid } from '@commonweal/protocol'
import { agentOf, LedgerWorld } from '@commonweal/protocol/testing'
import { collateral, drain, FEE_MICRO, TENTH, totalCatches, wealthOf } from './harvest.ts'

const ALL = ['0', '1', '2', '3', '4']
const HONEST = ['0', '1', '2', '3']
const LAW = { law: { clauses: [TENTH] } }
const CHARGE_MICRO = TOKEN_MICRO / 10n

describe('accept, then drain', () => {
  it('whoever accepts and has spent it when the agreement forms is named and pays a thousandth of its bond', () => {
    const world = new LedgerWorld()
    const terms = world.terms({ ...LAW, ...collateral(world, 100n * TOKEN_MICRO) })
    const agreement = world.agreement(terms, ALL)
    drain(world, '4', 20n * TOKEN_MICRO)
    const before = HONEST.map((name) => wealthOf(world, name))
    const receipt = world.act('0', agreement)
    assert.equal(receipt.code, 'cannot-fund-agreement')
    assert.equal(receipt.facts['agent'], agentOf('4'))
    assert.equal(world.account('4').bondMicro, 100n * TOKEN_MICRO - CHARGE_MICRO)
    // Of the others only the one that posted it has spent anything: its fee.
    assert.deepEqual(
      HONEST.map((name, index) => (before[index] ?? 0n) - wealthOf(world, name)),
      [FEE_MICRO, 0n, 0n, 0n],
    )
  })

  it('it has not even prevented the law: four of five form it without its word, and it catches what they do', () => {
    const world = new LedgerWorld({ feeMicro: 3_000n })
    const rounds = [1, 12] as const
    const terms = world.terms({ ...LAW, ...collateral(world, 100n * TOKEN_MICRO), rounds })
    drain(world, '4', 40n * TOKEN_MICRO)
    world.act('0', world.agreement(terms, ALL))
    assert.equal(world.act('0', world.agreement(terms, HONEST)).code, 'ok')
    for (let round = 0; round < 12; round += 1) world.playRound([10n, 10n, 10n, 10n, 100n])
    assert.deepEqual(totalCatches(world), [120, 120, 120, 120, 120])
  })

  it('every promise that it breaks costs again, each once', () => {
    const world = new LedgerWorld()
    drain(world, '4', 20n * TOKEN_MICRO)
    for (let promise = 0; promise < 3; promise += 1) {
      const terms = world.terms({
        ...collateral(world, 100n * TOKEN_MICRO),
        rounds: [5 + promise, 5 + promise],
      })
      const agreement = world.agreement(terms, ALL)
      world.block(['0', agreement], ['1', agreement])
    }
    const lost = world.events.flatMap((event) =>
      event.kind === 'slashed' ? [event.amountMicro] : [],
    )
    // A thousandth of what is left each time, rounded up.
    assert.deepEqual(lost, [100_000n, 99_900n, 99_801n])
  })

  it('unbonding first is no way out', () => {
    const world = new LedgerWorld()
    const terms = world.terms(collateral(world, 900n * TOKEN_MICRO))
    world.act('4', { kind: 'unbond', amountMicro: 100n * TOKEN_MICRO })
    drain(world, '4', 0n)
    assert.equal(world.act('0', world.agreement(terms, ALL)).code, 'cannot-fund-agreement')
    assert.equal(wealthOf(world, '4'), 100n * TOKEN_MICRO - CHARGE_MICRO)
  })

  it('nor is bonding what was promised: it pays a thousandth of that too', () => {
    const world = new LedgerWorld()
    const terms = world.terms(collateral(world, 900n * TOKEN_MICRO))
    world.act('4', { kind: 'bond', amountMicro: 200n * TOKEN_MICRO })
    assert.equal(world.act('0', world.agreement(terms, ALL)).code, 'cannot-fund-agreement')
    assert.equal(world.account('4').bondMicro, 300n * TOKEN_MICRO - 3n * CHARGE_MICRO)
  })

  it('what stood before a replacement that it lets fail stands still', () => {
    const world = new LedgerWorld()
    const old = world.terms({ ...LAW, rounds: [2, 9], ...collateral(world, TOKEN_MICRO) })
    world.act('0', world.agreement(old, ALL))
    const next = world.terms({
      ...LAW,
      rounds: [2, 9],
      replaces: termsCid(old),
      ...collateral(world, 500n * TOKEN_MICRO),
    })
    drain(world, '4', 20n * TOKEN_MICRO)
    assert.equal(world.act('4', world.agreement(next, ALL)).code, 'cannot-fund-agreement')
    assert.deepEqual(world.run.agreements, [termsCid(old)])
  })
})
