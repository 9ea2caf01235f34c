import { decode, encode } from '../codec/cbor.ts'
import { invariant } from '../invariant.ts'
import type { Ledger } from '../ledger/draft.ts'
import { loadLedger } from '../ledger/load.ts'

/** Fields of a ledger of which the value's kind of integer contradicts the name; none in one that is sound. [LED-8] */
export function misnamedIn(ledger: Ledger): readonly string[] {
  return [...ledger.entries()].flatMap(([key, value]) => misnamed(value, key, false))
}

/** The ledger as it comes back from the bytes of its entries. */
export function reloaded(ledger: Ledger): Ledger {
  const entries = [...ledger.entries()].map(([key, value]): [string, unknown] => {
    const decoded = decode(encode(value), 2 ** 20)
    invariant(decoded.ok, 'what was encoded decodes')
    return [key, decoded.value]
  })
  return loadLedger(entries)
}

function misnamed(value: unknown, at: string, isAmount: boolean): readonly string[] {
  if (typeof value === 'bigint') return isAmount ? [] : [`${at} is a bigint`]
  if (typeof value === 'number') return isAmount ? [`${at} is a number`] : []
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => misnamed(item, `${at}[${index}]`, isAmount))
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  return Object.entries(value).flatMap(([name, field]) =>
    misnamed(field, `${at}.${name}`, name.endsWith('Micro')),
  )
}
