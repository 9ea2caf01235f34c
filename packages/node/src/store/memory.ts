import {
  type Block,
  type Certificate,
  type Cid,
  type JournalRecord,
  present,
} from '@commonweal/protocol'
import { BOOK_EVENT_KINDS } from '../forecast/question-book.ts'
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
import { addRange } from './height-range.ts'
import { NO_PROGRESS, nextToPrune, type Progress, passSnapshot } from './progress.ts'
import { epochOfRecord } from './record.ts'

interface Kept {
  journal: readonly { readonly epoch: number; readonly record: JournalRecord }[]
  readonly blocks: Map<Cid, { readonly block: Block; readonly final: boolean }>
  readonly finalIds: Map<number, Cid>
  readonly certificates: Map<number, Certificate>
  readonly epochEnds: Map<number, EpochEnd>
  readonly snapshots: Map<number, StoredSnapshot>
  readonly receipts: Map<Cid, StoredReceipt>
  events: (StoredEvent & { readonly kind: string })[]
  turns: StoredTurn[]
  readonly peers: Map<string, StoredPeer>
  readonly keep: Keep
  progress: Progress
}

/** Epochs before the current one of which final blocks are kept, as a store on disk is told; null for all. */
interface Keep {
  readonly epochs: number | null
}

/**
 * A store in memory, for simulations and tests. It keeps what it is given by reference: values are immutable.
 */
export function createMemoryStore(keep: Keep = { epochs: null }): StorePort {
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
    keep,
    progress: NO_PROGRESS,
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
      const header = finalBlock(kept.progress.height)?.header
      const certificate = kept.certificates.get(kept.progress.height)
      if (header === undefined || certificate === undefined) return lastOf(kept.epochEnds)
      return { header, certificate }
    },
    blockById: (id) => kept.blocks.get(id)?.block,
    finalBlock,
    certificateAt: (height) => kept.certificates.get(height),
    epochEnd: (epoch) => kept.epochEnds.get(epoch),
    snapshot: (epoch) => (epoch === null ? lastOf(kept.snapshots) : kept.snapshots.get(epoch)),
    missing: () => kept.progress.missing,
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
      kept.progress = passSnapshot(kept.progress, snapshot.epoch, snapshot.height)
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
    ...records.map((record) => ({ epoch: epochOfRecord(record, kept.progress.epoch + 1), record })),
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
  const isNewEpoch = header.epoch > kept.progress.epoch
  kept.progress = { ...kept.progress, epoch: header.epoch, height: header.height }
  if (isNewEpoch) pruneEpoch(kept, header.epoch)
  pruneFinal(kept)
}

function pruneEpoch(kept: Kept, finalEpoch: number): void {
  const keepEpochs = kept.keep.epochs
  if (keepEpochs !== null) {
    kept.turns = kept.turns.filter(({ target }) => target >= finalEpoch - keepEpochs)
  }
  kept.journal = kept.journal.filter(({ epoch }) => epoch >= finalEpoch)
  for (const [id, { block, final }] of kept.blocks) {
    if (!final && block.header.epoch < finalEpoch) kept.blocks.delete(id)
  }
}

function pruneFinal(kept: Kept): void {
  const endHeightOf = (epoch: number): number | undefined =>
    kept.epochEnds.get(epoch)?.header.height
  const dropped = nextToPrune(kept.progress, kept.keep.epochs, endHeightOf)
  if (dropped === undefined) return
  const isDropped = (height: number): boolean => dropped.first <= height && height <= dropped.last
  for (const [height, id] of kept.finalIds) {
    if (!isDropped(height)) continue
    kept.finalIds.delete(height)
    kept.blocks.delete(id)
    kept.certificates.delete(height)
  }
  for (const [id, { height }] of kept.receipts) if (isDropped(height)) kept.receipts.delete(id)
  const isLearned = (kind: string): boolean => BOOK_EVENT_KINDS.some((each) => each === kind)
  kept.events = kept.events.filter(({ height, kind }) => !isDropped(height) || isLearned(kind))
  kept.progress = { ...kept.progress, missing: addRange(kept.progress.missing, dropped) }
}

function toJson(value: unknown): unknown {
  return JSON.parse(formatJson(value))
}
