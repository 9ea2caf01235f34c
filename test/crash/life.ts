import assert from 'node:assert/strict'
import {
  epochOfRecord,
  openReplica,
  openSqliteStore,
  type StorePort,
  type StoreWrite,
} from '@commonweal/node'
import { cidOf, encode, type JournalRecord, type ReplicaContext } from '@commonweal/protocol'
import { type CrashPlan, crashAt } from './crashing-store.ts'

/** From one start to its crash. */
export class Life {
  readonly store: StorePort
  /** The journal as this life found it. */
  readonly found: readonly JournalRecord[]
  isOver = false
  fault: Error | undefined
  readonly #context: ReplicaContext
  readonly #folder: string
  readonly #disk: StorePort
  /** What was written, with the epoch of the last final block before that. */
  readonly #acknowledged: { readonly write: StoreWrite; readonly epoch: number }[] = []
  #epoch: number

  constructor(
    context: ReplicaContext,
    folder: string,
    plan: CrashPlan | null,
    onRecords: (records: readonly JournalRecord[]) => void,
  ) {
    this.#context = context
    this.#folder = folder
    this.#disk = openStore(context, folder)
    this.found = this.#disk.restore().records
    this.#epoch = this.#disk.head()?.header.epoch ?? 0
    this.store = crashAt(this.#disk, plan, (writes) => {
      const epoch = this.#epoch
      this.#acknowledged.push(...writes.map((write) => ({ write, epoch })))
      this.#epoch = this.#disk.head()?.header.epoch ?? 0
      for (const write of writes) if (write.kind === 'records') onRecords(write.records)
    })
  }

  end(error: Error): void {
    this.isOver = true
    this.fault = error
    this.#disk.close()
  }

  /** Everything that `commit` returned from is there, and the replica restores to what the last block certifies. */
  checkNothingLost(): void {
    const store = openStore(this.#context, this.#folder)
    try {
      const { records } = store.restore()
      const onDisk = new Set(records.map(recordId))
      const head = store.head()
      for (const { write, epoch } of this.#acknowledged) {
        if (write.kind === 'records') {
          for (const record of write.records) {
            const isPruned = epochOfRecord(record, epoch + 1) < (head?.header.epoch ?? 0)
            assert.ok(isPruned || onDisk.has(recordId(record)), `${record.kind} was acknowledged`)
          }
        } else if (write.kind === 'final') {
          for (const { id, block } of write.blocks) {
            assert.deepEqual(store.finalBlock(block.header.height), block)
            assert.notEqual(store.blockById(id), undefined)
          }
        }
      }
      const { replica } = openReplica(this.#context, store, 0)
      if (head === undefined) return
      const { finalHeight, stateDigest } = replica.view()
      assert.deepEqual([finalHeight, stateDigest], [head.header.height, head.header.stateDigest])
    } finally {
      store.close()
    }
  }
}

function openStore({ networkId, signer }: ReplicaContext, folder: string): StorePort {
  return openSqliteStore({ folder, networkId, agent: signer.agent })
}

function recordId(record: JournalRecord): string {
  return record.kind === 'block' ? `block ${record.id}` : cidOf(encode(record))
}
