import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open } from '../message/envelope.ts'
import { TOKEN_MICRO } from '../schema/atoms.ts'
import { agentOf, LedgerWorld } from '../testing/index.ts'
import { computeChainTotals } from './conserve.ts'
import { UNBONDING_COUNT_MAX } from './value.ts'

const FEE_MICRO = 100_000n
const FAUCET = { kind: 'faucet' } as const

test('a fee is burned whether or not the transaction does anything', () => {
  const world = new LedgerWorld()
  const excess = { kind: 'transfer', to: agentOf('1'), amountMicro: 2n ** 62n } as const
  assert.equal(world.act('0', excess).code, 'insufficient-balance')
  assert.equal(computeChainTotals(world.ledger).burnedMicro, FEE_MICRO)
  assert.equal(world.account('0').nonce, 1)
})

test('a transfer to oneself changes nothing but the fee', () => {
  const world = new LedgerWorld()
  const { balanceMicro } = world.account('0')
  const all = balanceMicro - FEE_MICRO
  assert.equal(world.act('0', { kind: 'transfer', to: agentOf('0'), amountMicro: all }).code, 'ok')
  assert.equal(world.account('0').balanceMicro, all)
})

test('an account exists from what is put into it', () => {
  const world = new LedgerWorld()
  world.act('0', { kind: 'transfer', to: agentOf('new'), amountMicro: 0n })
  assert.equal(world.ledger.get(`account/${agentOf('new')}`), undefined)
  world.act('0', { kind: 'transfer', to: agentOf('new'), amountMicro: FEE_MICRO })
  assert.equal(world.act('new', { kind: 'bond', amountMicro: 0n }).code, 'ok')
  assert.equal(world.account('new').nonce, 1)
})

test('the faucet founds accounts, a few in an epoch and each not again before its interval', () => {
  const world = new LedgerWorld()
  world.block(['a', FAUCET], ['b', FAUCET])
  assert.equal(world.account('a').balanceMicro, 30n * TOKEN_MICRO)
  const refuse = (name: string, code: string): void => {
    const executed = world.execute([world.sign(name, FAUCET).envelope])
    assert.equal(!executed.ok && executed.error.code, code)
  }
  refuse('c', 'faucet-epoch-limit')
  world.advance('negotiate', 2)
  refuse('a', 'faucet-too-soon')
  world.block(['c', FAUCET])
  world.advance('negotiate', 3)
  refuse('d', 'faucet-empty')
  assert.equal(computeChainTotals(world.ledger).faucetMicro, 10n * TOKEN_MICRO)
})

test('a faucet request cannot pretend to a fee that it does not pay', () => {
  const world = new LedgerWorld()
  const author = agentOf('a')
  const message = { kind: 'faucet' as const, author, nonce: 0, feeMicro: 10n ** 12n }
  const opened = open(world.say('a', message), world.context)
  assert.equal(!opened.ok && opened.error.code, 'bad-shape')
})

test('an account has a limited number of parts on their way out of its bond', () => {
  const world = new LedgerWorld()
  const unbond = { kind: 'unbond', amountMicro: 1n } as const
  for (let count = 0; count < UNBONDING_COUNT_MAX; count += 1) {
    assert.equal(world.act('0', unbond).code, 'ok')
  }
  assert.equal(world.act('0', unbond).code, 'too-many-unbondings')
})

test('more than is bonded cannot be unbonded', () => {
  const world = new LedgerWorld()
  const amountMicro = 100n * TOKEN_MICRO + 1n
  assert.equal(world.act('0', { kind: 'unbond', amountMicro }).code, 'insufficient-bond')
})
