import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cidOf, encode, TOKEN_MICRO, type TransactionBody } from '@commonweal/protocol'
import { agentOf, LedgerWorld } from '@commonweal/protocol/testing'
import { FEE_MICRO, wealthOf } from './harvest.ts'

const CONVERSATION = cidOf(encode('a conversation'))

/** Agent 4 told one party yes and another no under one number. */
function twoFaces(world: LedgerWorld, sequence = 3, conversation = CONVERSATION): TransactionBody {
  const say = (text: string): Uint8Array =>
    world.say('4', { kind: 'inform', author: agentOf('4'), conversation, sequence, text })
  return { kind: 'evidence', first: say('yes'), second: say('no') }
}

describe('equivocate', () => {
  it('costs a hundredth of the stake; whoever shows it has a tenth of that', () => {
    const world = new LedgerWorld()
    const [liar, reporter] = [wealthOf(world, '4'), wealthOf(world, '0')]
    assert.equal(world.act('0', twoFaces(world)).code, 'ok')
    assert.equal(wealthOf(world, '4'), liar - TOKEN_MICRO)
    assert.equal(wealthOf(world, '0'), reporter - FEE_MICRO + TOKEN_MICRO / 10n)
  })

  it('in two conversations costs twice, twice in one costs once', () => {
    const world = new LedgerWorld()
    const other = cidOf(encode('another'))
    const codes = [
      world.act('0', twoFaces(world)).code,
      world.act('1', twoFaces(world, 9)).code,
      world.act('1', twoFaces(world, 0, other)).code,
    ]
    assert.deepEqual(codes, ['ok', 'already-punished', 'ok'])
    assert.equal(world.account('4').bondMicro, 98_010_000n)
  })

  it('is not made good by unbonding, until that has waited its time', () => {
    const world = new LedgerWorld()
    world.act('4', { kind: 'unbond', amountMicro: 100n * TOKEN_MICRO })
    world.advance('seal', 4)
    const before = wealthOf(world, '4')
    world.act('0', twoFaces(world))
    assert.equal(wealthOf(world, '4'), before - TOKEN_MICRO)
  })

  it('is not made cheaper by reporting oneself, and by another name of one’s own a tenth cheaper', () => {
    const world = new LedgerWorld()
    const before = wealthOf(world, '4')
    world.act('4', twoFaces(world))
    assert.equal(wealthOf(world, '4'), before - FEE_MICRO - TOKEN_MICRO)
    const both = new LedgerWorld()
    const together = wealthOf(both, '4') + wealthOf(both, '3')
    both.act('3', twoFaces(both))
    const lost = together - wealthOf(both, '4') - wealthOf(both, '3')
    assert.equal(lost, FEE_MICRO + (TOKEN_MICRO * 9n) / 10n)
  })

  it('nobody is convicted by one message, by messages of two, or by what was made up', () => {
    const world = new LedgerWorld()
    const say = (name: string, text: string): Uint8Array =>
      world.say(name, {
        kind: 'inform',
        author: agentOf(name),
        conversation: CONVERSATION,
        sequence: 3,
        text,
      })
    const forged = world.say('0', {
      kind: 'inform',
      author: agentOf('4'),
      conversation: CONVERSATION,
      sequence: 3,
      text: 'no',
    })
    const accuse = (first: Uint8Array, second: Uint8Array): string =>
      world.act('0', { kind: 'evidence', first, second }).code
    assert.equal(accuse(say('4', 'yes'), say('4', 'yes')), 'no-contradiction')
    assert.equal(accuse(say('4', 'yes'), say('3', 'no')), 'no-contradiction')
    assert.equal(accuse(say('4', 'yes'), forged), 'bad-evidence')
    assert.equal(world.account('4').bondMicro, 100n * TOKEN_MICRO)
  })
})

describe('vote twice', () => {
  const votes = (world: LedgerWorld, epoch: number): TransactionBody => {
    const vote = (block: string): Uint8Array =>
      world.say('4', {
        kind: 'finalize',
        author: agentOf('4'),
        epoch,
        view: 1,
        block: cidOf(encode(block)),
      })
    return { kind: 'evidence', first: vote('left'), second: vote('right') }
  }

  it('costs a twentieth of the stake and the vote, until all of it is out and bonded anew', () => {
    const world = new LedgerWorld()
    world.act('0', votes(world, 1))
    assert.equal(world.account('4').bondMicro, 95n * TOKEN_MICRO)
    world.act('4', { kind: 'bond', amountMicro: 100n * TOKEN_MICRO })
    world.advance('negotiate', 2)
    assert.deepEqual(world.validators().toSorted(), ['0', '1', '2', '3'])
  })

  it('cannot be paid for in advance, while there is nothing to lose', () => {
    const world = new LedgerWorld()
    world.act('4', { kind: 'unbond', amountMicro: 100n * TOKEN_MICRO })
    world.advance('negotiate', 6)
    assert.equal(world.account('4').unbonding.length, 0)
    assert.equal(world.act('0', votes(world, 8)).code, 'evidence-too-early')
    world.act('4', { kind: 'bond', amountMicro: 500n * TOKEN_MICRO })
    world.advance('negotiate', 8)
    world.act('0', votes(world, 8))
    assert.equal(world.account('4').bondMicro, 475n * TOKEN_MICRO)
  })
})
