import { Tree } from '../codec/tree.ts'

/** The whole ledger: an immutable ordered map whose digest is the state digest. [LED-1] */
export type Ledger = Tree<unknown>

/**
 * A ledger while one block is applied to it: the only mutable thing, and local to that.
 *
 * What is taken back is taken back by putting the tree of before into it again.
 */
export interface Draft {
  ledger: Ledger
}

/** The entries of one kind, under `name/key`. What is read was written by the same table. */
export interface Table<T, Key extends string = string> {
  find(ledger: Ledger, key: Key): T | undefined
  entries(ledger: Ledger): Iterable<readonly [key: Key, value: T]>
  put(draft: Draft, key: Key, value: T): void
  delete(draft: Draft, key: Key): void
}

export function createTable<T, Key extends string = string>(name: string): Table<T, Key> {
  const prefix = `${name}/`
  return {
    find: (ledger, key) => ledger.get(prefix + key) as T | undefined,
    *entries(ledger) {
      for (const [key, value] of ledger.entries(prefix)) {
        yield [key.slice(prefix.length) as Key, value as T] as const
      }
    },
    put(draft, key, value) {
      draft.ledger = draft.ledger.set(prefix + key, value)
    },
    delete(draft, key) {
      draft.ledger = draft.ledger.delete(prefix + key)
    },
  }
}

export function emptyLedger(): Ledger {
  return Tree.empty<unknown>()
}
