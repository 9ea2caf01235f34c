import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TOKEN_MICRO, type TransactionBody } from '@commonweal/protocol'
import { agentOf, LedgerWorld } from '@commonweal/protocol/testing'
import { FEE_MICRO } from './harvest.ts'

const ALL_MICRO = 990n * TOKEN_MICRO - 2n * FEE_MICRO

const pay = (to: string): TransactionBody => {
  return { kind: 'transfer', to: agentOf(to), amountMicro: ALL_MICRO }
}

describe('double spend', () => {
  it('with one nonce: two payments never stand in one chain, and a block with both is nobody’s', () => {
    const world = new LedgerWorld()
    const toFirst = world.sign('0', pay('first')).envelope
    const toSecond = world.sign('0', pay('second')).envelope
    const both = world.execute([toFirst, toSecond])
    assert.equal(!both.ok && both.error.code, 'wrong-nonce')
    assert.equal(world.execute([toFirst]).ok, true)
    const late = world.execute([toSecond])
    assert.equal(!late.ok && late.error.code, 'wrong-nonce')
    assert.equal(world.account('first').balanceMicro, ALL_MICRO)
    assert.equal(world.account('second').balanceMicro, 0n)
    assert.equal(world.account('0').balanceMicro, FEE_MICRO)
  })

  it('with two nonces: the second payment is a receipt that says why not, and its fee is gone', () => {
    const world = new LedgerWorld()
    const receipts = world.block(['0', pay('first')], ['0', pay('second')])
    assert.deepEqual(
      receipts.map(({ code }) => code),
      ['ok', 'insufficient-balance'],
    )
    assert.equal(world.account('second').balanceMicro, 0n)
    assert.equal(world.account('0').balanceMicro, 0n)
  })

  it('of stake: what is bonded, or set aside for a seal, is not there to be spent', () => {
    const world = new LedgerWorld()
    world.act('0', { kind: 'bond', amountMicro: ALL_MICRO })
    assert.equal(world.act('0', pay('first')).code, 'insufficient-balance')
    world.advance('seal')
    world.act('1', world.sealOf('1', 5n))
    const { balanceMicro } = world.account('1')
    assert.equal(balanceMicro, 980n * TOKEN_MICRO - FEE_MICRO)
    assert.equal(world.act('1', pay('first')).code, 'insufficient-balance')
  })
})
