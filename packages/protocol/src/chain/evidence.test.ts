import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encode } from '../codec/cbor.ts'
import { type Cid, cidOf } from '../codec/cid.ts'
import type { Terms } from '../contract/terms.ts'
import { messageSchemas } from '../message/message.ts'
import { TOKEN_MICRO } from '../schema/atoms.ts'
import { agentOf, LedgerWorld } from '../testing/index.ts'

const FEE_MICRO = 100_000n
const A = cidOf(encode('a'))
const B = cidOf(encode('b'))

function votes(world: LedgerWorld, name: string, epoch: number, second: Cid = B) {
  const vote = (block: Cid): Uint8Array =>
    world.say(name, { kind: 'notarize', author: agentOf(name), epoch, view: 3, block })
  return { kind: 'evidence', first: vote(A), second: vote(second) } as const
}

function talk(world: LedgerWorld, name: string, sequence: number) {
  const inform = (text: string): Uint8Array =>
    world.say(name, { kind: 'inform', author: agentOf(name), conversation: A, sequence, text })
  return { kind: 'evidence', first: inform('yes'), second: inform('no') } as const
}

test('two votes that contradict each other cost a twentieth of the stake and the seat in the set; a tenth of it is the reporter’s', () => {
  const world = new LedgerWorld()
  const reporter = world.account('1').balanceMicro
  assert.equal(world.act('1', votes(world, '0', 1)).code, 'ok')
  assert.equal(world.account('0').bondMicro, 95n * TOKEN_MICRO)
  assert.equal(world.account('1').balanceMicro, reporter - FEE_MICRO + TOKEN_MICRO / 2n)
  world.advance('negotiate', 2)
  assert.deepEqual(world.validators().toSorted(), ['1', '2', '3', '4'])
})

test('an offence is punished once, and all contradicting votes of an epoch are one', () => {
  const world = new LedgerWorld()
  world.act('1', votes(world, '0', 1))
  const again = votes(world, '0', 1, cidOf(encode('c')))
  assert.equal(world.act('2', again).code, 'already-punished')
  world.advance('negotiate', 2)
  assert.equal(world.act('2', votes(world, '0', 2)).code, 'ok')
  assert.equal(world.account('0').bondMicro, 90_250_000n)
})

test('who reports itself is not rewarded', () => {
  const world = new LedgerWorld()
  const before = world.account('0').balanceMicro
  assert.equal(world.act('0', votes(world, '0', 1)).code, 'ok')
  assert.equal(world.account('0').balanceMicro, before - FEE_MICRO)
  assert.equal(world.account('0').bondMicro, 95n * TOKEN_MICRO)
})

test('nobody is punished beforehand for votes of an epoch to come, or it could then vote as it likes', () => {
  const world = new LedgerWorld()
  assert.equal(world.act('1', votes(world, '0', 2)).code, 'evidence-too-early')
  assert.equal(world.account('0').bondMicro, 100n * TOKEN_MICRO)
})

test('one that was put out of the set stays out until it has no bond left and bonds anew', () => {
  const world = new LedgerWorld()
  world.act('1', votes(world, '0', 1))
  for (const amountMicro of [0n, 1n, TOKEN_MICRO]) world.act('0', { kind: 'bond', amountMicro })
  assert.equal(world.account('0').ejected, true)
  const { bondMicro } = world.account('0')
  world.act('0', { kind: 'unbond', amountMicro: bondMicro })
  world.act('0', { kind: 'bond', amountMicro: 7n * TOKEN_MICRO })
  assert.equal(world.account('0').ejected, false)
  world.advance('negotiate', 2)
  assert.ok(world.validators().includes('0'))
})

test('when everybody was put out, those who were in the set go on', () => {
  const world = new LedgerWorld()
  const { validators } = world.head
  for (const name of ['0', '1', '2', '3', '4']) world.act('1', votes(world, name, 1))
  world.advance('negotiate', 2)
  assert.deepEqual(world.head.validators, validators)
})

test('stake is there as long as what it signed for can be punished, and not an epoch longer', () => {
  const world = new LedgerWorld()
  const { unbondingEpochs } = world.context.genesis.epochs
  world.act('0', { kind: 'unbond', amountMicro: 100n * TOKEN_MICRO })
  world.advance('seal', 1 + unbondingEpochs)
  assert.equal(world.account('0').unbonding.length, 1)
  const trial = world.ledger
  assert.equal(world.act('1', votes(world, '0', 1)).code, 'ok')
  assert.equal(world.account('0').unbonding[0]?.amountMicro, 95n * TOKEN_MICRO)
  world.ledger = trial
  const before = world.account('0').balanceMicro
  world.advance('negotiate', 2 + unbondingEpochs)
  assert.deepEqual(world.account('0').unbonding, [])
  assert.equal(world.account('0').balanceMicro, before + 100n * TOKEN_MICRO)
  assert.equal(world.act('1', votes(world, '0', 1)).code, 'evidence-too-old')
})

test('two messages with one number cost a hundredth, once in a conversation', () => {
  const world = new LedgerWorld()
  assert.equal(world.act('1', talk(world, '0', 4)).code, 'ok')
  assert.equal(world.account('0').bondMicro, 99n * TOKEN_MICRO)
  assert.equal(world.account('0').ejected, false)
  assert.equal(world.act('1', talk(world, '0', 5)).code, 'already-punished')
})

test('a slash takes from what is unbonding too, the latest first, and rounds up', () => {
  const world = new LedgerWorld()
  world.act('0', { kind: 'unbond', amountMicro: 60n * TOKEN_MICRO })
  world.act('0', { kind: 'unbond', amountMicro: 39_999_999n })
  world.act('1', votes(world, '0', 1))
  const { bondMicro, unbonding } = world.account('0')
  assert.equal(bondMicro, 0n)
  assert.deepEqual(
    unbonding.map(({ amountMicro }) => amountMicro),
    [60n * TOKEN_MICRO, 35_000_000n],
  )
})

test('the largest messages of a conversation still fit into evidence', () => {
  const world = new LedgerWorld()
  const terms: Terms = {
    ...world.terms(),
    text: 'x'.repeat(4096),
    law: {
      clauses: Array.from({ length: 64 }, () => ({
        at: 'submission' as const,
        // Three bytes of UTF-8 each, so that the law is long in bytes.
        when: `"${'\u20ac'.repeat(124)}" == ""`,
        then: { primitive: 'override' as const, action: '0' },
      })),
    },
  }
  const sizeMax = messageSchemas.get('propose')?.sizeMax ?? 0
  const propose = (text: string): Uint8Array => {
    const message = {
      kind: 'propose' as const,
      author: agentOf('0'),
      conversation: A,
      sequence: 1,
      inReplyTo: A,
      terms: { ...terms, text },
    }
    const spare = sizeMax - encode(message).length
    assert.ok(spare >= 0 && spare < 1_000, `nearly the largest: ${spare} bytes are spare`)
    return world.say('0', message)
  }
  const evidence = {
    kind: 'evidence' as const,
    first: propose('y'.repeat(4096)),
    second: propose('z'.repeat(4096)),
  }
  assert.equal(world.act('1', evidence).code, 'ok')
})
