import {
  createReplica,
  describeReplica,
  type Effect,
  finalLedger,
  nextDeadlineMs,
  type Replica,
  type ReplicaContext,
  restoreReplica,
  type Saved,
  step,
  verifySnapshot,
} from '@commonweal/protocol'
import type { ReplicaPort, Restored, StorePort } from './ports.ts'
import { StoreError } from './store/store-error.ts'

/** A replica as it starts, and what it wants done first. */
export interface StartedReplica {
  readonly replica: ReplicaPort
  readonly effects: readonly Effect[]
}

/**
 * The replica of a store: from the genesis where the store is empty, else from its snapshot, its final blocks and its
 * journal, to the same state as before. [REP-4]
 *
 * Errors  StoreError 'store-corrupt' where the snapshot does not have the digest that its epoch certified.
 */
export function openReplica(
  context: ReplicaContext,
  store: StorePort,
  nowMs: number,
): StartedReplica {
  const restored = store.restore()
  const started = isEmpty(restored)
    ? createReplica(context, nowMs)
    : restoreReplica(context, toSaved(restored, store), nowMs)
  return { replica: new StatefulReplica(context, started.state), effects: started.effects }
}

class StatefulReplica implements ReplicaPort {
  readonly #context: ReplicaContext
  #state: Replica

  constructor(context: ReplicaContext, state: Replica) {
    this.#context = context
    this.#state = state
  }

  step(input: Parameters<ReplicaPort['step']>[0]): readonly Effect[] {
    const { state, effects } = step(this.#context, this.#state, input)
    this.#state = state
    return effects
  }

  nextDeadlineMs(): number | null {
    return nextDeadlineMs(this.#state)
  }

  view(): ReturnType<ReplicaPort['view']> {
    return describeReplica(this.#state)
  }

  ledger(): ReturnType<ReplicaPort['ledger']> {
    return finalLedger(this.#state)
  }
}

function isEmpty({ snapshot, blocks, records }: Restored): boolean {
  return snapshot === null && blocks.length === 0 && records.length === 0
}

function toSaved({ snapshot, blocks, records }: Restored, store: StorePort): Saved {
  if (snapshot === null) return { snapshot, blocks, records }
  const end = store.epochEnd(snapshot.epoch)
  if (end === undefined) {
    throw new StoreError('store-corrupt', 'the snapshot has no certified end of its epoch', {
      facts: { epoch: snapshot.epoch },
    })
  }
  const verified = verifySnapshot(end.header, snapshot.entries)
  if (!verified.ok) {
    throw new StoreError('store-corrupt', 'the snapshot is not what its epoch certified', {
      facts: { epoch: snapshot.epoch, code: verified.error.code },
    })
  }
  return { snapshot: { ...verified.value, certificate: end.certificate }, blocks, records }
}
