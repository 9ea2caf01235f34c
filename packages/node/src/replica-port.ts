import {
  createReplica,
  describeReplica,
  type Effect,
  finalLedger,
  nextDeadlineMs,
  type Replica,
  type ReplicaContext,
  type ReplicaStep,
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

/** What a fault does to a replica's state after each step. */
export type StateChange = (replica: Replica) => Replica

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
  change?: StateChange,
): StartedReplica {
  const start = (atMs: number): ReplicaStep => {
    const restored = store.restore()
    return isEmpty(restored)
      ? createReplica(context, atMs)
      : restoreReplica(context, toSaved(restored, store), atMs)
  }
  const { state, effects } = start(nowMs)
  return { replica: new StatefulReplica(context, state, { start, change }), effects }
}

/** How a node comes to its replica: {@link openReplica}, unless a part of it is faulty. */
export type OpenReplica = (
  context: ReplicaContext,
  store: StorePort,
  nowMs: number,
) => StartedReplica

class StatefulReplica implements ReplicaPort {
  readonly #context: ReplicaContext
  readonly #start: (nowMs: number) => ReplicaStep
  readonly #change: StateChange | undefined
  #state: Replica

  constructor(
    context: ReplicaContext,
    state: Replica,
    ways: {
      readonly start: (nowMs: number) => ReplicaStep
      readonly change: StateChange | undefined
    },
  ) {
    this.#context = context
    this.#start = ways.start
    this.#change = ways.change
    this.#state = state
  }

  step(input: Parameters<ReplicaPort['step']>[0]): readonly Effect[] {
    const { state, effects } = step(this.#context, this.#state, input)
    this.#state = this.#change === undefined ? state : this.#change(state)
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

  reopen(nowMs: number): readonly Effect[] {
    const { state, effects } = this.#start(nowMs)
    this.#state = state
    return effects
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
