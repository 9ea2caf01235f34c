import { Tree } from '../codec/tree.ts'
import type { Ledger } from './draft.ts'

/**
 * A ledger from entries as they were decoded. [LED-8]
 *
 * CBOR has one kind of integer; in memory an amount is a bigint. Every field that holds an amount, and no other, has a
 * name that ends in `Micro`, so that is what decides. The digest is the same either way.
 */
export function loadLedger(entries: Iterable<readonly [string, unknown]>): Ledger {
  let ledger = Tree.empty<unknown>()
  for (const [key, value] of entries) ledger = ledger.set(key, reviveAmounts(value, false))
  return ledger
}

function reviveAmounts(value: unknown, isAmount: boolean): unknown {
  if (typeof value === 'number') return isAmount ? BigInt(value) : value
  if (Array.isArray(value)) return value.map((item) => reviveAmounts(item, isAmount))
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      reviveAmounts(field, name.endsWith('Micro')),
    ]),
  )
}
