import {
  type Block,
  type Certificate,
  type Cid,
  type JournalRecord,
  present,
} from '@commonweal/protocol'
import { formatJson } from '../json.ts'
import {
  type EpochEnd,
  type EventQuery,
  type Restored,
  SNAPSHOTS_KEPT,
  type StoredEvent,
  type StoredPeer,
  type StoredReceipt,
  type StoredSnapshot,
  type StoredTurn,
  type StorePort,
  type StoreWrite,
} from '../ports.ts'
import { epochOfRecord } from './record.ts'

interface Kept {
  journal: readonly { readonly epoch: number; readonly record: JournalRecord }[]
  readonly blocks: Map<Cid, { readonly block: Block; readonly final: boolean }>
  readonly finalIds: Map<number, Cid>
  readonly certificates: Map<number, Certificate>
  readonly epochEnds: Map<number, EpochEnd>
  readonly snapshots: Map<number, StoredSnapshot>
  readonly receipts: Map<Cid, StoredReceipt>
  readonly events: (StoredEvent & { readonly kind: string })[]
  readonly turns: StoredTurn[]
  readonly peers: Map<string, StoredPeer>
  finalEpoch: number
  finalHeight: number
}

/** A store in memory, for simulations and tests. It keeps what it is given by reference: values are immutable. */
export function createMemoryStore(): StorePort {
  const kept: Kept = {
    journal: [],
    blocks: new Map(),
    finalIds: new Map(),
    certificates: new Map(),
    epochEnds: new Map(),
    snapshots: new Map(),
    receipts: new Map(),
    events: [],
    turns: [],
    peers: new Map(),
    finalEpoch: 0,
    finalHeight: 0,
  }
  const finalBlock = (height: number): Block | undefined => {
    const id = kept.finalIds.get(height)
    return id === undefined ? undefined : kept.blocks.get(id)?.block
  }
  const lastOf = <T>(byEpoch: ReadonlyMap<number, T>): T | undefined =>
    byEpoch.get(Math.max(...byEpoch.keys()))
  return {
    commit: (writes) => {
      for (const write of writes) apply(kept, write)
    },
    restore: (): Restored => {
      const snapshot = lastOf(kept.snapshots) ?? null
      const blocks = []
      for (let height = (snapshot?.height ?? 0) + 1; ; height++) {
        const block = finalBlock(height)
        if (block === undefined) break
        blocks.push({ block, certificate: kept.certificates.get(height) ?? null })
      }
      return { snapshot, blocks, records: kept.journal.map(({ record }) => record) }
    },
    head: () => {
      const header = finalBlock(kept.finalHeight)?.header
      const certificate = kept.certificates.get(kept.finalHeight)
      if (header === undefined || certificate === undefined) return lastOf(kept.epochEnds)
      return { header, certificate }
    },
    blockById: (id) => kept.blocks.get(id)?.block,
    finalBlock,
    certificateAt: (height) => kept.certificates.get(height),
    epochEnd: (epoch) => kept.epochEnds.get(epoch),
    snapshot: (epoch) => (epoch === null ? lastOf(kept.snapshots) : kept.snapshots.get(epoch)),
    receipt: (id) => kept.receipts.get(id),
    events: ({ afterHeight, kinds, countMax }: EventQuery) =>
      kept.events
        .filter(({ height, kind }) => {
          const isWanted = kinds === undefined || kinds.some((wanted) => wanted === kind)
          return height > afterHeight && isWanted
        })
        .slice(0, countMax)
        .map(({ height, index, event }) => ({ height, index, event })),
    turns: (fromTarget, countMax) =>
      kept.turns.filter(({ target }) => target >= fromTarget).slice(0, countMax),
    peers: () =>
      [...kept.peers.values()].toSorted(
        (a, b) => b.seenAtMs - a.seenAtMs || (a.peerId < b.peerId ? -1 : 1),
      ),
    close: () => {},
  }
}

function apply(kept: Kept, write: StoreWrite): void {
  switch (write.kind) {
    case 'records':
      applyRecords(kept, write.records)
      break
    case 'final':
      applyFinal(kept, write)
      break
    case 'snapshot': {
      const { snapshot } = write
      kept.snapshots.set(snapshot.epoch, { ...snapshot, entries: [...snapshot.entries] })
      for (const epoch of [...kept.snapshots.keys()]
        .toSorted((a, b) => b - a)
        .slice(SNAPSHOTS_KEPT)) {
        kept.snapshots.delete(epoch)
      }
      break
    }
    case 'epoch-end':
      kept.epochEnds.set(write.end.header.epoch, write.end)
      break
    case 'turn':
      if (!kept.turns.some((known) => isSameTurn(known, write.turn))) kept.turns.push(write.turn)
      break
    case 'peer':
      kept.peers.set(write.peer.peerId, write.peer)
      break
  }
}

function isSameTurn(one: StoredTurn, other: StoredTurn): boolean {
  return one.conversation === other.conversation && one.turn.turn === other.turn.turn
}

function applyRecords(kept: Kept, records: readonly JournalRecord[]): void {
  kept.journal = [
    ...kept.journal,
    ...records.map((record) => ({ epoch: epochOfRecord(record, kept.finalEpoch + 1), record })),
  ]
  for (const record of records) {
    if (record.kind !== 'block' || kept.blocks.has(record.id)) continue
    kept.blocks.set(record.id, { block: record.block, final: false })
  }
}

function applyFinal(kept: Kept, write: Extract<StoreWrite, { kind: 'final' }>): void {
  for (const { id, block, receipts, events } of write.blocks) {
    const { height } = block.header
    kept.blocks.set(id, { block, final: true })
    kept.finalIds.set(height, id)
    for (const [index, { facts, ...receipt }] of receipts.entries()) {
      kept.receipts.set(receipt.id, { ...receipt, height, index, facts: toJson(facts) })
    }
    for (const [index, event] of events.entries()) {
      kept.events.push({ height, index, kind: event.kind, event: toJson(event) })
    }
  }
  const { header } = present(write.blocks.at(-1), 'something became final').block
  kept.certificates.set(header.height, write.certificate)
  if (header.nextSet !== null) {
    kept.epochEnds.set(header.epoch, { header, certificate: write.certificate })
  }
  kept.finalHeight = header.height
  if (header.epoch > kept.finalEpoch) prune(kept, header.epoch)
}

function prune(kept: Kept, finalEpoch: number): void {
  kept.finalEpoch = finalEpoch
  kept.journal = kept.journal.filter(({ epoch }) => epoch >= finalEpoch)
  for (const [id, { block, final }] of kept.blocks) {
    if (!final && block.header.epoch < finalEpoch) kept.blocks.delete(id)
  }
}

function toJson(value: unknown): unknown {
  return JSON.parse(formatJson(value))
}
