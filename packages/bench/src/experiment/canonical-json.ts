import { hash } from 'node:crypto'
import { compareText } from './compare-text.ts'

/** What JSON can hold. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

/**
 * One text for one value: keys sorted by code unit, no spaces, numbers as JavaScript writes them.
 *
 * An amount, a bigint, is a decimal text, and undefined fields are left out.
 * Throws RangeError on what has no text: a number that is not finite, a function.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return `"${value}"`
    case 'boolean':
    case 'string':
      return JSON.stringify(value)
    case 'number':
      if (Number.isFinite(value)) return JSON.stringify(value)
      break
    case 'object':
      if (value === null) return 'null'
      if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
      return canonicalObject(value)
    default:
  }
  throw new RangeError(`${String(value)} has no canonical JSON`)
}

/** SHA-256 of the canonical JSON, in hex. */
export function digestOfJson(value: unknown): string {
  return hash('sha256', canonicalJson(value))
}

function canonicalObject(value: object): string {
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`)
  return `{${fields.join()}}`
}

/** A value as JSON holds it, amounts as decimal text. */
export function toJson(value: unknown): JsonValue {
  const json: JsonValue = JSON.parse(canonicalJson(value))
  return json
}
