import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { InvariantError } from '../invariant.ts'
import { digestBytes, digestOf, digestOfHash, fromHex, hashOf, isDigest, toHex } from './digest.ts'

describe('digest', () => {
  it('is the SHA-256 of the parts, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 4 }), (parts) => {
        const expected = createHash('sha256').update(Buffer.concat(parts)).digest('hex')
        assert.equal(digestOf(...parts), expected)
        assert.equal(toHex(hashOf(...parts)), expected)
      }),
    )
  })

  it('goes to bytes and back', () => {
    const digest = digestOf(Uint8Array.of(1))
    assert.equal(digestOfHash(digestBytes(digest)), digest)
    assert.throws(() => digestOfHash(new Uint8Array(31)), InvariantError)
  })

  it('is told from other text', () => {
    const digest = digestOf()
    assert.equal(isDigest(digest), true)
    for (const other of [
      '',
      digest.slice(1),
      `${digest}0`,
      digest.toUpperCase(),
      `${digest}\n`,
      1,
    ]) {
      assert.equal(isDigest(other), false)
    }
  })
})

describe('hex', () => {
  it('goes to bytes and back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => assert.deepEqual(fromHex(toHex(bytes)), bytes)),
    )
  })

  it('that is not hex is our own bug', () => {
    for (const text of ['0', 'AB', '0g', '00\n', '0x00']) {
      assert.throws(() => fromHex(text), InvariantError)
    }
  })
})
