import { toHex } from '@commonweal/protocol'

/**
 * A value as JSON text: a bigint as decimal text, bytes as hex, a map as an object. For people and tools: nothing here is
 * signed or hashed.
 */
export function formatJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_key, field: unknown) => plain(field), indent)
}

function plain(field: unknown): unknown {
  if (typeof field === 'bigint') return field.toString()
  if (field instanceof Uint8Array) return toHex(field)
  if (field instanceof Map) return Object.fromEntries(field)
  return field
}
