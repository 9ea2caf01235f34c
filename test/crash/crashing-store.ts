import type { StorePort, StoreWrite } from '@commonweal/node'

/** The process died here. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** When the process dies: just before, or just after, its nth transaction is on disk. */
export interface CrashPlan {
  readonly commit: number
  readonly when: 'before' | 'after'
}

/** A store that lets its process die at one of its transactions, or at none. It tells what it has acknowledged. */
export function crashAt(
  store: StorePort,
  plan: CrashPlan | null,
  onAcknowledged: (writes: readonly StoreWrite[]) => void,
): StorePort {
  let count = 0
  return {
    ...store,
    commit(writes) {
      if (writes.length === 0) return store.commit(writes)
      count += 1
      if (count === plan?.commit && plan.when === 'before') throw new Crash('before the write')
      store.commit(writes)
      if (count === plan?.commit) throw new Crash('after the write')
      onAcknowledged(writes)
    },
  }
}
