import assert from 'node:assert/strict'
import { it } from 'node:test'
import * as fc from 'fast-check'
import { decodeUtf8 } from './utf8.ts'

it('agrees with a strict TextDecoder on every sequence of bytes', () => {
  const reference = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const lead = fc.constantFrom(0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef)
  const high = fc.constantFrom(0xf0, 0xf1, 0xf4, 0xf5, 0xff, 0x8f, 0x90, 0x9f, 0xa0)
  const bytes = fc.oneof(
    fc
      .array(fc.oneof(lead, high, fc.nat({ max: 255 })), { maxLength: 12 })
      .map((list) => Uint8Array.from(list)),
    fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
  )
  fc.assert(
    fc.property(bytes, (input) => {
      let expected: string | undefined
      try {
        expected = reference.decode(input)
      } catch {
        expected = undefined
      }
      assert.equal(decodeUtf8(input, 0, input.length), expected)
    }),
    { numRuns: 5000 },
  )
})

it('joins texts longer than one call takes', () => {
  const text = 'a€😀'.repeat(5000)
  const bytes = new TextEncoder().encode(text)
  assert.equal(decodeUtf8(bytes, 0, bytes.length), text)
})
