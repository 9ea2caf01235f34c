import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ResponseFrame } from './response-frame.ts'
import { decodeResponseFrame, encodeResponseFrame } from './response-frame.ts'

test('a response frame comes back as it went', () => {
  const frames: ResponseFrame[] = [
    { kind: 'body', bytes: Uint8Array.of(1, 2, 3) },
    { kind: 'body', bytes: new Uint8Array(0) },
    { kind: 'end' },
    { kind: 'refusal', code: 'rate-limited' },
    { kind: 'refusal', code: 'busy' },
    { kind: 'refusal', code: 'too-large' },
    { kind: 'refusal', code: 'failed' },
  ]
  for (const frame of frames)
    assert.deepEqual(decodeResponseFrame(encodeResponseFrame(frame)), frame)
})

test('bytes that are no frame give none', () => {
  const broken = [[], [1, 0], [2], [2, 0x61], [3], [255, 1]]
  for (const bytes of broken) assert.equal(decodeResponseFrame(Uint8Array.from(bytes)), undefined)
})

test('whatever decodes encodes to the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const frame = decodeResponseFrame(bytes)
      if (frame !== undefined) assert.deepEqual(encodeResponseFrame(frame), bytes)
    }),
  )
})
