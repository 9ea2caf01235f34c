import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lawSchema } from '@commonweal/protocol'
import { z } from 'zod'
import { dropNulls, type JsonSchema, type JsonValue, toOutputSchema } from './output-schema.ts'

describe('the schema that a server is given', () => {
  it('comes from the schema of the wire, and is what strict servers take', () => {
    const schema = toOutputSchema(
      z.strictObject({ law: lawSchema.nullable(), text: z.string().max(9) }),
    )
    const seen: JsonSchema[] = []
    walk(schema, (one) => seen.push(one))
    assert.ok(seen.length > 20)
    for (const one of seen) {
      if (one['properties'] === undefined) continue
      assert.equal(one['additionalProperties'], false)
      assert.deepEqual(one['required'], Object.keys(one['properties'] ?? {}))
    }
    const text = JSON.stringify(schema)
    for (const primitive of ['cap', 'graduatedSanction', 'insurance'])
      assert.match(text, new RegExp(primitive))
    assert.doesNotMatch(text, /oneOf|maxLength|minLength|maxItems|\$schema|\$ref/)
  })

  it('lets null stand for what may be left out, which the check wants left out', () => {
    const wire = z.strictObject({ limit: z.string(), over: z.exactOptional(z.string()) })
    assert.deepEqual(toOutputSchema(wire)['properties'], {
      limit: { type: 'string' },
      over: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    })
    assert.deepEqual(wire.parse(dropNulls({ limit: 'stock', over: null })), { limit: 'stock' })
  })
})

function walk(value: JsonValue, visit: (schema: JsonSchema) => void): void {
  if (Array.isArray(value)) for (const one of value) walk(one, visit)
  else if (isSchema(value)) {
    visit(value)
    for (const inner of Object.values(value)) walk(inner, visit)
  }
}

function isSchema(value: JsonValue): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
