import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeLaw } from './describe.ts'
import type { Language } from './language.ts'
import type { Clause, Primitive } from './terms.ts'

const LIST = { type: 'list', lengthMax: 5 } as const
const LANGUAGE: Language = {
  name: 'test',
  verb: 'harvest',
  submission: { stock: { type: 'int' }, requests: LIST, regime: { type: 'string' } },
  settlement: { stock: { type: 'int' }, catches: LIST },
}

describe('describeLaw', () => {
  const cases: [Clause, string][] = [
    [at('submission', 'true', cap('stock / 10')), 'each seat may harvest at most ⌊stock / 10⌋'],
    [
      at('submission', 'stock < 50 && requests[self] > 5', cap('5')),
      'each seat for which stock is less than 50 and its request is more than 5 may harvest at most 5',
    ],
    [
      at('submission', 'true', cap('[2, 1, 1][self] * stock / 8')),
      'each seat may harvest at most ⌊(its share of 2 : 1 : 1 × stock) / 8⌋',
    ],
    [
      at('submission', 'regime == "degraded"', {
        primitive: 'override',
        action: 'stock',
        over: '2 * n',
      }),
      'each seat for which regime is “degraded” must harvest exactly stock / 2 × the number of seats (rounded, a half to the even number)',
    ],
    [
      at('settlement', 'catches[self] > 10', { primitive: 'sanction', amount: '2500000' }),
      'when the round settles, each seat for which its catch is more than 10 is fined 2.5 tokens',
    ],
    [
      at('settlement', 'true', {
        primitive: 'transfer',
        to: '(self + 1) % n',
        amount: 'catches[self] * 1000',
      }),
      'when the round settles, each seat pays its catch × 1000 micro-tokens to seat (its own number + 1) mod the number of seats',
    ],
    [
      at('settlement', 'catches.all(c, c > 0)', { primitive: 'escrow', amount: '1000000' }),
      'when the round settles, each seat for which `catches.all(c, c > 0)` puts 1 token into escrow',
    ],
    [
      at('settlement', 'true', { primitive: 'graduatedSanction', base: '1', multiplier: '2' }),
      'when the round settles, each seat is fined 0.000001 tokens, times 2 for every violation before',
    ],
    [
      at('settlement', 'true', {
        primitive: 'insurance',
        premium: '1',
        payout: 'min(pool, 5) / 2',
      }),
      'when the round settles, each seat pays 0.000001 tokens into the pool and gets ⌊the least of the pool, 5 / 2⌋ micro-tokens out of it',
    ],
    [
      at('settlement', 'true', { primitive: 'release', to: 'self', amount: 'escrow' }),
      'when the round settles, each seat releases its escrow micro-tokens of its escrow to itself',
    ],
    [
      at('settlement', 'true', { primitive: 'participationCost', amount: 'no such thing' }),
      'when the round settles, each seat pays `no such thing` micro-tokens for taking part',
    ],
  ]
  for (const [clause, words] of cases) {
    it(`says “${words}”`, () => {
      assert.equal(describeLaw({ clauses: [clause] }, LANGUAGE), words)
    })
  }

  it('gives each clause a line, and an empty law its words', () => {
    const clause = at('submission', 'true', cap('1'))
    assert.equal(describeLaw({ clauses: [clause, clause] }, LANGUAGE).split('\n').length, 2)
    assert.equal(describeLaw({ clauses: [] }, LANGUAGE), 'no clauses')
  })
})

function cap(limit: string): Primitive {
  return { primitive: 'cap', limit }
}

function at(point: Clause['at'], when: string, then: Primitive): Clause {
  return { at: point, when, then }
}
