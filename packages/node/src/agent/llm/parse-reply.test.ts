import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { z } from 'zod'
import { parseReply } from './parse-reply.ts'

const schema: z.ZodType<{ request: number }> = z.strictObject({ request: z.int().min(0).max(100) })

describe('a reply', () => {
  it('is read whatever stands around its object', () => {
    const around = [
      '{"request": 7}',
      '```json\n{"request": 7}\n```',
      '<think>{"request": 1}? No.</think>\n{"request": 7}',
      'Here you are: {"request": 7} Good luck!',
    ]
    for (const text of around)
      assert.deepEqual(parseReply(text, schema), { ok: true, value: { request: 7 } })
  })

  it('that is not one JSON object is told so', () => {
    for (const text of ['', '7', '[7]', 'I would take 7.', '{"request": 7', '} {']) {
      const parsed = parseReply(text, schema)
      assert.equal(parsed.ok ? '' : parsed.error.code, 'not-json', text)
    }
  })

  it('of another shape is told what is wrong with it', () => {
    const parsed = parseReply('{"request": 101, "more": 1}', schema)
    assert.ok(!parsed.ok)
    assert.equal(parsed.error.code, 'wrong-shape')
    assert.match(
      String(parsed.error.facts['detail']),
      /request: Too big.*the object: Unrecognized key/,
    )
  })

  it('of any text is an answer or a refusal, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const parsed = parseReply(text, schema)
        assert.ok(parsed.ok || ['not-json', 'wrong-shape'].includes(parsed.error.code))
      }),
    )
  })
})
