import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decode, encode } from '../codec/cbor.ts'
import { isCid } from '../codec/cid.ts'
import { EXPRESSION_LENGTH_MAX } from './expression.ts'
import {
  CLAUSE_COUNT_MAX,
  LAW_LENGTH_MAX,
  TERMS_TEXT_SIZE_MAX,
  type Terms,
  termsCid,
  termsSchema,
} from './terms.ts'

const ANNA = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'
const BERT = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'

const CAP = { at: 'submission', when: 'true', then: { primitive: 'cap', limit: 'stock / 10' } }
const TERMS = {
  parties: [ANNA, BERT],
  quorum: 2,
  subnet: 'commons',
  rounds: [1, 12],
  mode: 'law',
  text: '',
  law: { clauses: [CAP] },
  collateralMicro: [5, 7],
  replaces: null,
}

describe('terms', () => {
  it('come out of an encoding as they went in, with the same id', () => {
    const terms = parse(TERMS)
    assert.ok(terms !== null)
    assert.deepEqual(terms.collateralMicro, [5n, 7n])
    const decoded = decode(encode(terms), 65_536)
    assert.ok(decoded.ok)
    const again = parse(decoded.value)
    assert.deepEqual(again, terms)
    assert.ok(again !== null && isCid(termsCid(terms)))
    assert.equal(termsCid(again), termsCid(terms))
  })

  it('have another id when anything in them differs', () => {
    const others: object[] = [
      { collateralMicro: [5, 8] },
      { rounds: [1, 11] },
      { text: 'Be kind.' },
      { law: { clauses: [{ ...CAP, when: 'self == 0' }] } },
    ]
    const ids = others.map((change) => {
      const terms = parse({ ...TERMS, ...change })
      assert.ok(terms !== null)
      return termsCid(terms)
    })
    assert.equal(new Set(ids).size, others.length)
  })

  it('are refused out of shape', () => {
    const wrong: object[] = [
      { parties: [ANNA, ANNA] },
      { parties: [], collateralMicro: [] },
      { parties: [ANNA, 'bert'] },
      { quorum: 0 },
      { rounds: [12, 1] },
      { rounds: [1] },
      { mode: 'text' },
      { mode: 'none' },
      { law: null },
      { mode: 'none', law: null, text: 'words' },
      { collateralMicro: [5] },
      { collateralMicro: [5, -1] },
      { collateralMicro: [5, 2n ** 63n] },
      { replaces: 'bafy' },
      { extra: 1 },
      { law: { clauses: [{ ...CAP, then: { primitive: 'cap', limit: 'stock', amount: '1' } }] } },
      { law: { clauses: [{ ...CAP, then: { primitive: 'seize', amount: '1' } }] } },
      { law: { clauses: [{ ...CAP, then: { primitive: 'transfer', amount: '1' } }] } },
      { law: { clauses: [{ ...CAP, at: 'never' }] } },
      { law: { clauses: [{ ...CAP, when: true }] } },
    ]
    for (const change of wrong)
      assert.equal(parse({ ...TERMS, ...change }), null, JSON.stringify(Object.keys(change)))
  })

  it('take each limit and refuse one more', () => {
    const cases: [string, (size: number) => object, number][] = [
      [
        'text',
        (size) => ({ text: 'ä'.repeat(size / 2).padEnd(Math.ceil(size / 2), '.') }),
        TERMS_TEXT_SIZE_MAX,
      ],
      [
        'clauses',
        (count) => ({ law: { clauses: Array.from({ length: count }, () => CAP) } }),
        CLAUSE_COUNT_MAX,
      ],
      [
        'expression',
        (length) => ({ law: { clauses: [{ ...CAP, when: '1'.repeat(length) }] } }),
        EXPRESSION_LENGTH_MAX,
      ],
      ['law', (length) => ({ law: lawOfLength(length) }), LAW_LENGTH_MAX],
    ]
    for (const [name, change, limit] of cases) {
      assert.notEqual(parse({ ...TERMS, ...change(limit) }), null, name)
      assert.equal(parse({ ...TERMS, ...change(limit + 2) }), null, name)
    }
  })
})

function parse(input: unknown): Terms | null {
  const parsed = termsSchema.safeParse(input)
  return parsed.success ? parsed.data : null
}

function lawOfLength(length: number): object {
  const clauses = Array.from({ length: 16 }, () => ({
    at: 'submission',
    when: '1'.repeat(512),
    then: { primitive: 'cap', limit: '1'.repeat(512) },
  }))
  const extra = { at: 'submission', when: '1', then: { primitive: 'cap', limit: '1' } }
  return { clauses: length > LAW_LENGTH_MAX ? [...clauses, extra] : clauses }
}
