import {
  type Block,
  type Certificate,
  type Cid,
  cidOf,
  decode,
  encode,
  type Header,
  SYNC_FRAME_SIZE_MAX,
  type SyncFrame,
  type SyncRequest,
  syncFrameSchema,
} from '@commonweal/protocol'
import type { RequestOptions } from '../network/port.ts'
import type { EpochEnd } from '../ports.ts'
import { SyncError } from './sync-error.ts'

/** The one call of the network that syncing needs. */
export interface RequestPort {
  request(peerId: string, bytes: Uint8Array, options?: RequestOptions): AsyncIterable<Uint8Array>
}

/** Final blocks, oldest first, and what finalizes the last. */
export interface ChainPart {
  readonly blocks: readonly Block[]
  readonly certificate: Certificate
}

/** Blocks of one answer at most: as many as the protocol lets a peer give, with room for a later version. */
export const CHAIN_PART_BLOCKS_MAX = 1_024

/** Time that a peer has for a whole answer: one that drips would else hold up a node that is behind for hours. [SYN-7] */
export const ANSWER_MS_MAX = 60_000

/**
 * Typed requests on `/commonweal/sync/1`. It checks that an answer is made of the frames that the request allows; whether what
 * they say is true, the caller checks.
 *
 * Errors  SyncError 'bad-frame' · 'no-answer' · 'not-held'; TransportError.
 */
export class SyncClient {
  readonly #port: RequestPort
  readonly #signal: AbortSignal
  readonly #answerMsMax: number

  constructor(port: RequestPort, signal: AbortSignal, answerMsMax: number = ANSWER_MS_MAX) {
    this.#port = port
    this.#signal = signal
    this.#answerMsMax = answerMsMax
  }

  /** The peer's highest final block; undefined while it has none but the genesis. */
  async head(
    peerId: string,
  ): Promise<{ header: Header; certificate: Certificate | null } | undefined> {
    for await (const frame of this.#ask(peerId, { kind: 'head' })) {
      if (frame.kind === 'none') return undefined
      return expect(frame, 'head')
    }
    throw unanswered(peerId)
  }

  /** A block by id, its header checked against the id. */
  async block(peerId: string, id: Cid): Promise<Block> {
    for await (const frame of this.#ask(peerId, { kind: 'block', id })) {
      if (frame.kind === 'none') break
      const { block } = expect(frame, 'block')
      if (cidOf(encode(block.header)) === id) return block
      throw new SyncError('bad-content', `${peerId} answered with another block than ${id}`)
    }
    throw unanswered(peerId)
  }

  /** Final blocks from a height on, within one epoch. */
  async blocks(peerId: string, fromHeight: number): Promise<ChainPart> {
    const blocks: Block[] = []
    for await (const frame of this.#ask(peerId, { kind: 'blocks', fromHeight })) {
      if (frame.kind === 'none') break
      if (frame.kind === 'certificate') {
        if (blocks.length === 0) throw new SyncError('bad-frame', `${peerId} sent no block`)
        return { blocks, certificate: frame.certificate }
      }
      const { block } = expect(frame, 'block')
      if (block.header.height !== fromHeight + blocks.length) {
        throw new SyncError(
          'bad-content',
          `${peerId} sent a block of height ${block.header.height}`,
        )
      }
      blocks.push(block)
      if (blocks.length > CHAIN_PART_BLOCKS_MAX) {
        throw new SyncError('bad-frame', `${peerId} sends more blocks than an answer may have`)
      }
    }
    throw unanswered(peerId)
  }

  /** The ends of epochs from one on, as many as the peer gives in one answer. */
  async epochs(peerId: string, fromEpoch: number): Promise<readonly EpochEnd[]> {
    const ends: EpochEnd[] = []
    for await (const frame of this.#ask(peerId, { kind: 'epochs', fromEpoch })) {
      if (frame.kind === 'none') break
      const { header, certificate } = expect(frame, 'epoch-end')
      if (header.epoch !== fromEpoch + ends.length) {
        throw new SyncError('bad-content', `${peerId} sent the end of epoch ${header.epoch}`)
      }
      ends.push({ header, certificate })
    }
    return ends
  }

  /** The ledger after the end of an epoch, or of the peer's latest, as entries. */
  async snapshot(
    peerId: string,
    epoch: number | null,
  ): Promise<{ end: EpochEnd; entries: readonly (readonly [string, unknown])[] }> {
    let end: EpochEnd | undefined
    const entries: (readonly [string, unknown])[] = []
    for await (const frame of this.#ask(peerId, { kind: 'snapshot', epoch })) {
      if (frame.kind === 'none') break
      if (end === undefined) {
        const { header, certificate } = expect(frame, 'epoch-end')
        end = { header, certificate }
        continue
      }
      entries.push(...expect(frame, 'entries').entries)
    }
    if (end === undefined) throw unanswered(peerId)
    return { end, entries }
  }

  async *#ask(peerId: string, request: SyncRequest): AsyncGenerator<SyncFrame> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(this.#answerMsMax)])
    const answer = this.#port.request(peerId, encode(request), { signal })
    for await (const bytes of answer) {
      const decoded = decode(bytes, SYNC_FRAME_SIZE_MAX)
      const frame = decoded.ok ? syncFrameSchema.safeParse(decoded.value) : undefined
      if (frame?.success !== true) {
        throw new SyncError('bad-frame', `${peerId} sent what is no frame of the sync protocol`)
      }
      if (frame.data.kind === 'not-held') {
        throw new SyncError('not-held', `${peerId} does not keep what it was asked for`)
      }
      yield frame.data
    }
  }
}

/** The frame, which must be of this kind to answer the request. */
function expect<K extends SyncFrame['kind']>(
  frame: SyncFrame,
  kind: K,
): Extract<SyncFrame, { readonly kind: K }> {
  if (isOfKind(frame, kind)) return frame
  throw new SyncError('bad-frame', `a peer answered with ${frame.kind} where ${kind} was asked for`)
}

function isOfKind<K extends SyncFrame['kind']>(
  frame: SyncFrame,
  kind: K,
): frame is Extract<SyncFrame, { readonly kind: K }> {
  return frame.kind === kind
}

function unanswered(peerId: string): SyncError {
  return new SyncError('no-answer', `${peerId} has no answer`)
}
