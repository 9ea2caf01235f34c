import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as dagCbor from '@ipld/dag-cbor'
import * as fc from 'fast-check'
import { InvariantError } from '../invariant.ts'
import { DEPTH_MAX, decode, encode } from './cbor.ts'
import { fromHex, toHex } from './digest.ts'

const SIZE_MAX = 1_000_000

const text = fc.string({ unit: 'binary', maxLength: 40 })
const key = text.filter((name) => name !== '__proto__')
const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }),
  fc.nat({ max: 70_000 }),
)
const leaf = fc.oneof(
  fc.constantFrom(null, true, false),
  integer,
  text,
  fc.uint8Array({ maxLength: 300 }),
)
const value = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, leaf, tie('array'), tie('map')),
  array: fc.array(tie('value'), { maxLength: 5 }),
  map: fc.dictionary(key, tie('value'), { maxKeys: 6, noNullPrototype: true }),
})).value

/** Safe integers as `number`, as decoding gives them. */
function normalize(input: unknown): unknown {
  if (typeof input === 'bigint') {
    const number = Number(input)
    return Number.isSafeInteger(number) ? number : input
  }
  if (Object.is(input, -0)) return 0
  if (Array.isArray(input)) return input.map(normalize)
  if (typeof input !== 'object' || input === null || input instanceof Uint8Array) return input
  return Object.fromEntries(Object.entries(input).map(([name, item]) => [name, normalize(item)]))
}

function decoded(bytes: Uint8Array): unknown {
  const result = decode(bytes, SIZE_MAX)
  assert.ok(result.ok, `refused: ${result.ok ? '' : result.error.code}`)
  return result.value
}

function refusal(bytes: Uint8Array, sizeMax: number = SIZE_MAX): string {
  const result = decode(bytes, sizeMax)
  assert.ok(!result.ok, 'accepted')
  assert.equal(result.error.verdict, 'reject')
  return result.error.code
}

function nested(depth: number): unknown {
  return depth === 0 ? 0 : [nested(depth - 1)]
}

describe('canonical DAG-CBOR', () => {
  it('writes the bytes that @ipld/dag-cbor writes', () => {
    // An object with the keys '/' and 'bytes' may pass for a CID there.
    const plain = value.filter((input) => !toHex(encode(input)).includes('612f'))
    fc.assert(
      fc.property(plain, (input) => {
        assert.equal(toHex(encode(input)), toHex(dagCbor.encode(normalize(input))))
      }),
    )
  })

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(value, (input) => {
        assert.deepEqual(decoded(encode(input)), normalize(input))
      }),
    )
  })

  it('accepts of arbitrary bytes only those that encode to themselves, and never throws', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(value, fc.nat(), fc.nat({ max: 255 })).map(([input, at, byte]) => {
        const encoded = encode(input)
        encoded[at % encoded.length] = byte
        return encoded
      }),
    )
    fc.assert(
      fc.property(bytes, (input) => {
        const result = decode(input, SIZE_MAX)
        if (result.ok) assert.equal(toHex(encode(result.value)), toHex(input))
      }),
      { numRuns: 2000 },
    )
  })

  it('refuses every value cut short and every value with a byte too many', () => {
    fc.assert(
      fc.property(value, fc.nat(), (input, cut) => {
        const encoded = encode(input)
        assert.equal(refusal(encoded.subarray(0, cut % encoded.length)), 'malformed')
        assert.equal(refusal(Uint8Array.of(...encoded, 0)), 'malformed')
      }),
    )
  })

  it('keeps to the limit of size on both sides', () => {
    const encoded = encode('four')
    assert.ok(decode(encoded, 5).ok)
    assert.equal(refusal(encoded, 4), 'too-large')
  })

  it('keeps to the limit of depth on both sides', () => {
    assert.deepEqual(decoded(encode(nested(DEPTH_MAX))), nested(DEPTH_MAX))
    assert.throws(() => encode(nested(DEPTH_MAX + 1)), InvariantError)
    const tooDeep = new Uint8Array(DEPTH_MAX + 2).fill(0x81)
    tooDeep[DEPTH_MAX + 1] = 0
    assert.equal(refusal(tooDeep), 'too-deep')
  })

  it('does not believe lengths that the bytes cannot fill', () => {
    for (const hex of [
      '9b0000ffffffffffff',
      'bbffffffffffffffff',
      '5bffffffffffffffff',
      '7affffffff',
    ]) {
      assert.equal(refusal(fromHex(hex)), 'malformed', hex)
    }
  })

  it('keeps a byte-order mark at the start of a text', () => {
    const marked = `\ufeff${'a'.repeat(40)}`
    assert.equal(decoded(encode(marked)), marked)
  })

  it('does not take an object for a CID because it looks like one', () => {
    const lookalike = { '/': 'a', bytes: 'a' }
    assert.deepEqual(decoded(encode(lookalike)), lookalike)
  })

  it('gives byte strings of their own', () => {
    const source = Buffer.from(encode(Uint8Array.of(1, 2, 3)))
    const bytes = decoded(source)
    source.fill(9)
    assert.deepEqual(bytes, Uint8Array.of(1, 2, 3))
  })

  it('writes equal values as equal bytes, in whatever order their keys were set', () => {
    assert.deepEqual(encode({ b: 1, a: 2n, aa: 3, 10: 4 }), encode({ 10: 4n, aa: 3, a: 2, b: 1 }))
  })

  it('treats a value without an encoding as our own bug', () => {
    const withoutEncoding: readonly unknown[] = [
      0.5,
      Number.NaN,
      2 ** 53,
      2n ** 64n,
      -(2n ** 64n) - 1n,
      undefined,
      { a: undefined },
      Array.from({ length: 1 }),
      () => 0,
      Symbol('s'),
      new Map(),
      new Date(0),
      '\ud800',
      { '\udfff': 1 },
      { ['__proto__']: 1 },
    ]
    for (const input of withoutEncoding) assert.throws(() => encode(input), InvariantError)
  })

  it('stops at a value that contains itself', () => {
    const loop: unknown[] = []
    loop.push(loop)
    assert.throws(() => encode(loop), InvariantError)
  })
})
