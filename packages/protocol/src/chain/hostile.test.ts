import assert from 'node:assert/strict'
import { test } from 'node:test'
import { termsCid } from '../contract/terms.ts'
import { BLOCK_SIZE_MAX, BLOCK_TRANSACTIONS_MAX } from '../message/consensus.ts'
import { open } from '../message/envelope.ts'
import { TOKEN_MICRO } from '../schema/atoms.ts'
import { agentOf, COMMONS, LedgerWorld } from '../testing/index.ts'
import { buildBlock } from './execute-block.ts'

const ALL = ['0', '1', '2', '3', '4']

test('text that could not be a part of a key is refused before anything looks it up', () => {
  const world = new LedgerWorld()
  const head = { author: agentOf('0'), nonce: 0, feeMicro: 1_000n }
  for (const subnet of ['a\0b', '', '-a', 'A', '\u00e4', 'x'.repeat(65), 'a/b', '__proto__']) {
    const terms = { ...world.terms(), subnet }
    for (const message of [
      { kind: 'seat' as const, ...head, subnet },
      { kind: 'leave' as const, ...head, subnet },
      { kind: 'pass' as const, ...head, subnet },
      { kind: 'agreement' as const, ...head, terms, acceptances: [] },
    ]) {
      const opened = open(world.say('0', message), world.context)
      assert.equal(!opened.ok && opened.error.code, 'bad-shape', `${message.kind} of ${subnet}`)
    }
  }
})

test('ids that name something of the language and not of the ledger are unknown', () => {
  const world = new LedgerWorld()
  for (const subnet of ['constructor', 'prototype', 'main']) {
    assert.equal(world.act('0', { kind: 'seat', subnet }).code, 'unknown-instance')
  }
})

test('a law that asks for the largest of everything leaves a ledger that can be written down', () => {
  const world = new LedgerWorld()
  const most = `${2n ** 63n - 1n}`
  const terms = world.terms({
    rounds: [1, 3],
    collateralMicro: ALL.map(() => 900n * TOKEN_MICRO),
    law: {
      clauses: [
        { at: 'submission', when: 'true', then: { primitive: 'override', action: most } },
        { at: 'submission', when: 'true', then: { primitive: 'escrow', amount: most } },
        { at: 'settlement', when: 'true', then: { primitive: 'sanction', amount: most } },
        {
          at: 'settlement',
          when: 'true',
          then: { primitive: 'graduatedSanction', base: most, multiplier: most },
        },
        {
          at: 'settlement',
          when: 'true',
          then: { primitive: 'insurance', premium: most, payout: most },
        },
        {
          at: 'settlement',
          when: 'true',
          then: { primitive: 'release', to: '(self + 1) % n', amount: most },
        },
      ],
    },
  })
  assert.equal(world.act('0', world.agreement(terms, ['0', '1', '2', '3'])).code, 'ok')
  for (let round = 0; round < 2; round += 1) {
    world.playRound([1n, 1_000_000_000n, 0n, null, 7n])
    world.ledger.digest()
  }
})

test('one that signs only for itself cannot stop the ledger either', () => {
  const world = new LedgerWorld({ instance: { binding: 'signers' } })
  const terms = world.terms({
    parties: [agentOf('4')],
    quorum: 1,
    law: {
      clauses: [
        {
          at: 'submission',
          when: 'true',
          then: { primitive: 'override', action: '9223372036854775807' },
        },
      ],
    },
  })
  assert.equal(world.act('4', world.agreement(terms, ['4'])).code, 'ok')
  world.playRound([1n, 1n, 1n, 1n, 1n])
  world.ledger.digest()
  assert.throws(() => world.standing(termsCid(terms)))
})

test('a block is invalid for a signature, a nonce, a fee or its size, and for nothing else', () => {
  const world = new LedgerWorld()
  const pass = { kind: 'pass', subnet: COMMONS } as const
  const honest = world.sign('0', pass).envelope
  const codeOf = (...envelopes: readonly Uint8Array[]): string => {
    const executed = world.execute(envelopes)
    return executed.ok ? 'valid' : executed.error.code
  }
  const forged = honest.with(honest.length - 1, (honest.at(-1) ?? 0) ^ 1)
  assert.equal(codeOf(forged), 'bad-signature')
  assert.equal(codeOf(honest, honest), 'wrong-nonce')
  assert.equal(codeOf(world.sign('0', pass, { nonce: 1 }).envelope), 'wrong-nonce')
  const least = BigInt(honest.length)
  assert.equal(codeOf(world.sign('0', pass, { feeMicro: least - 10n }).envelope), 'fee-too-low')
  assert.equal(codeOf(world.sign('0', pass, { feeMicro: 2n ** 62n }).envelope), 'cannot-pay-fee')
  assert.equal(codeOf(world.sign('nobody', pass).envelope), 'unknown-account')
  assert.equal(codeOf(world.accept('0', world.terms())), 'wrong-kind')
  assert.equal(codeOf(new Uint8Array(3)), 'malformed')
  assert.equal(world.head.height, 0, 'none of them changed anything')
  assert.equal(codeOf(honest), 'valid')
})

test('a block holds as many transactions and bytes as the limits say and no more', () => {
  const world = new LedgerWorld()
  const note = (nonce: number, size: number): Uint8Array => {
    const profile = { name: '', roles: [], endpoint: 'x'.repeat(size), prosociality: null }
    return world.sign('0', { kind: 'register', ...profile }, { nonce }).envelope
  }
  const many = Array.from({ length: BLOCK_TRANSACTIONS_MAX + 1 }, (_, nonce) => note(nonce, 0))
  const tooMany = world.execute(many)
  assert.equal(!tooMany.ok && tooMany.error.code, 'too-many-transactions')
  assert.equal(world.execute(many.slice(0, -1)).ok, true)

  const terms = world.terms({ text: 'x'.repeat(4096) })
  const acceptances = Array.from({ length: 40 }, () => world.accept('0', terms))
  const large = (ahead: number) =>
    world.sign('1', { kind: 'agreement', terms, acceptances }, { nonce: ahead })
  const [first] = [large(0)]
  const fitting = Math.floor(BLOCK_SIZE_MAX / first.envelope.length)
  const candidates = Array.from({ length: fitting + 2 }, (_, ahead) => large(ahead))
  const tooLarge = world.execute(candidates.map(({ envelope }) => envelope))
  assert.equal(!tooLarge.ok && tooLarge.error.code, 'block-too-large')
  const built = buildBlock(world.context, world.ledger, candidates)
  assert.equal(built.transactions.length, fitting)
  assert.equal(world.execute(built.transactions).ok, true)
})
