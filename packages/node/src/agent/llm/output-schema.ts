import { z } from 'zod'

/** A JSON Schema, as data. */
export type JsonSchema = { readonly [key: string]: JsonValue }
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

/**
 * The JSON Schema that a server is given, made from the schema that the reply is checked with afterwards.
 *
 * It keeps to what every server takes: each object names all its properties and no others, what may be left out may be null
 * instead, a union is `anyOf`. Bounds of lengths and numbers are left out: strict servers refuse them, and grammars that
 * unroll them do not compile. The check of the reply has them.
 */
export function toOutputSchema(schema: z.ZodType): JsonSchema {
  const whole: unknown = z.toJSONSchema(schema, { io: 'input', reused: 'inline' })
  const strict = toStrict(jsonSchema.parse(whole))
  if (!isObject(strict)) throw new TypeError('a schema is an object')
  return strict
}

/** What may be left out comes back as null: the check of the reply wants it left out. */
export function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, dropNulls(inner)]),
  )
}

const jsonSchema: z.ZodType<JsonValue> = z.json()

/** What says what a value is; everything else is a bound, a note, or a dialect. */
const KEPT = new Set(['type', 'enum', 'const', 'items', 'description'])

function toStrict(schema: JsonValue): JsonValue {
  if (!isObject(schema)) return schema
  const kept: Record<string, JsonValue> = {}
  for (const [key, value] of Object.entries(schema)) {
    if (KEPT.has(key)) kept[key] = key === 'items' ? toStrict(value) : value
    if (key === 'oneOf' || key === 'anyOf') {
      kept['anyOf'] = Array.isArray(value) ? value.map(toStrict) : value
    }
  }
  const properties = schema['properties']
  if (properties === undefined || !isObject(properties)) return kept
  const required = schema['required']
  const isRequired = (name: string): boolean => Array.isArray(required) && required.includes(name)
  return {
    ...kept,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, inner]) => [
        name,
        isRequired(name) ? toStrict(inner) : orNull(toStrict(inner)),
      ]),
    ),
    required: Object.keys(properties),
    additionalProperties: false,
  }
}

function orNull(schema: JsonValue): JsonValue {
  return { anyOf: [schema, { type: 'null' }] }
}

function isObject(value: JsonValue): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
