import { encode } from '../codec/cbor.ts'
import type { Cid } from '../codec/cid.ts'
import { bodySizeOf } from '../consensus/block.ts'
import type { Block, Certificate, Header } from '../message/consensus.ts'
import type { SyncFrame, SyncRequest } from '../message/sync.ts'

/** Most blocks in one answer, and most epoch ends. [SYN-3] */
export const SYNC_BLOCKS_MAX = 256
export const SYNC_EPOCHS_MAX = 1024
/** Bytes of bodies behind which an answer ends at the next block that has a certificate of its own. [SYN-3] */
export const SYNC_BLOCKS_SIZE: number = 16 * 1024 * 1024
/** Entries of a snapshot in one frame, and bytes behind which a frame ends. [SYN-3] */
export const SNAPSHOT_ENTRIES_MAX = 512
export const SNAPSHOT_FRAME_SIZE: number = 256 * 1024

/** A header and what makes its block final. */
export interface CertifiedHeader {
  readonly header: Header
  readonly certificate: Certificate
}

/** What a node has stored, as the answering of requests reads it. */
export interface ChainSource {
  /** The highest final block that has a certificate of its own; undefined at the genesis. */
  head(): CertifiedHeader | undefined
  /** A block by id, final or not. */
  blockById(id: Cid): Block | undefined
  finalBlock(height: number): Block | undefined
  /** The finalize certificate of the block at this height, if it has one of its own. */
  certificateAt(height: number): Certificate | undefined
  epochEnd(epoch: number): CertifiedHeader | undefined
  /** The ledger after b_e of this epoch, or of the latest that is kept (null). */
  snapshot(
    epoch: number | null,
  ): { readonly epoch: number; readonly entries: Iterable<readonly [string, unknown]> } | undefined
}

/** Answers a sync request from what is stored: pure, so that node and simulator answer alike. [SYN-1] */
export function* answerSync(request: SyncRequest, source: ChainSource): Iterable<SyncFrame> {
  switch (request.kind) {
    case 'head': {
      const head = source.head()
      yield head === undefined ? { kind: 'none' } : { kind: 'head', ...head }
      return
    }
    case 'block': {
      const block = source.blockById(request.id)
      yield block === undefined ? { kind: 'none' } : { kind: 'block', block }
      return
    }
    case 'blocks':
      yield* answerBlocks(request.fromHeight, source)
      return
    case 'epochs':
      yield* answerEpochs(request.fromEpoch, source)
      return
    case 'snapshot':
      yield* answerSnapshot(request.epoch, source)
  }
}

/** Blocks up to the highest one within reach, of the same epoch, that has a certificate of its own. [SYN-3] */
function* answerBlocks(fromHeight: number, source: ChainSource): Iterable<SyncFrame> {
  const blocks: Block[] = []
  let end = 0
  let size = 0
  let certificate: Certificate | undefined
  for (let height = fromHeight; blocks.length < SYNC_BLOCKS_MAX; height += 1) {
    const block = source.finalBlock(height)
    if (block === undefined || block.header.epoch !== (blocks[0] ?? block).header.epoch) break
    blocks.push(block)
    size += bodySizeOf(block)
    const own = source.certificateAt(height)
    if (own === undefined) continue
    certificate = own
    end = blocks.length
    if (size >= SYNC_BLOCKS_SIZE) break
  }
  if (certificate === undefined) {
    yield blocks.length === 0 ? lackOf(source, ({ height }) => fromHeight <= height) : NONE
    return
  }
  for (const block of blocks.slice(0, end)) yield { kind: 'block', block }
  yield { kind: 'certificate', certificate }
}

const NONE: SyncFrame = { kind: 'none' }

/** What is said of something that is not there: whether it lies behind our head, so that we had it or passed it over. [SYN-8] */
function lackOf(source: ChainSource, isBehind: (head: Header) => boolean): SyncFrame {
  const head = source.head()
  return head !== undefined && isBehind(head.header) ? { kind: 'not-held' } : NONE
}

function* answerEpochs(fromEpoch: number, source: ChainSource): Iterable<SyncFrame> {
  if (source.epochEnd(fromEpoch) === undefined) {
    yield lackOf(source, ({ epoch }) => fromEpoch < epoch)
    return
  }
  for (let epoch = fromEpoch; epoch < fromEpoch + SYNC_EPOCHS_MAX; epoch += 1) {
    const end = source.epochEnd(epoch)
    if (end === undefined) break
    yield { kind: 'epoch-end', ...end }
  }
  yield NONE
}

function* answerSnapshot(epoch: number | null, source: ChainSource): Iterable<SyncFrame> {
  const snapshot = source.snapshot(epoch)
  const end = snapshot === undefined ? undefined : source.epochEnd(snapshot.epoch)
  if (snapshot === undefined || end === undefined) {
    yield lackOf(source, (head) => epoch !== null && epoch < head.epoch)
    return
  }
  yield { kind: 'epoch-end', ...end }
  let entries: (readonly [string, unknown])[] = []
  let size = 0
  for (const entry of snapshot.entries) {
    entries.push(entry)
    size += encode(entry).length
    if (entries.length < SNAPSHOT_ENTRIES_MAX && size < SNAPSHOT_FRAME_SIZE) continue
    yield { kind: 'entries', entries }
    entries = []
    size = 0
  }
  if (entries.length > 0) yield { kind: 'entries', entries }
}
