import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sha256 } from '@noble/hashes/sha2.js'
import * as fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { cidOf, isCid } from './cid.ts'

describe('cid', () => {
  it('is the CID that multiformats gives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const expected = CID.createV1(0x71, create(0x12, sha256(bytes))).toString()
        assert.equal(cidOf(bytes), expected)
        assert.equal(isCid(expected), true)
      }),
    )
  })

  it('has one text only: one character changed is the CID of something else or of nothing', () => {
    const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
    const original = cidOf(Uint8Array.of(1))
    for (let index = 0; index < original.length; index++) {
      for (const letter of alphabet) {
        const text = original.slice(0, index) + letter + original.slice(index + 1)
        if (!isCid(text)) continue
        const parsed = CID.parse(text)
        assert.equal(parsed.toString(), text)
        assert.equal(parsed.code, 0x71)
        assert.equal(parsed.multihash.code, 0x12)
      }
    }
  })

  it('refuses other shapes', () => {
    const text = cidOf(Uint8Array.of(1))
    const others = [
      '',
      text.slice(1),
      `${text}a`,
      text.toUpperCase(),
      `${text}\n`,
      `z${text.slice(1)}`,
      7,
    ]
    for (const other of others) assert.equal(isCid(other), false, String(other))
  })
})
