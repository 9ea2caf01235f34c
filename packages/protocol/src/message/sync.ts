import { z } from 'zod'
import type { Cid } from '../codec/cid.ts'
import { isTreeKey } from '../codec/tree.ts'
import { cidSchema, naturalSchema } from '../schema/atoms.ts'
import {
  type Block,
  blockSchema,
  type Certificate,
  certificateSchema,
  type Header,
  headerSchema,
} from './consensus.ts'

/** A request on `/commonweal/sync/1`. One request, then response frames, then the end of the stream. [SYN-1] */
export type SyncRequest =
  /** The highest final block: one `head`. */
  | { readonly kind: 'head' }
  /** A block by id, final or not: one `block` or one `none`. */
  | { readonly kind: 'block'; readonly id: Cid }
  /** Final blocks from this height on, within one epoch: `block` frames, then the `certificate` of the last. */
  | { readonly kind: 'blocks'; readonly fromHeight: number }
  /** The ends of epochs from this one on: `epoch-end` frames. */
  | { readonly kind: 'epochs'; readonly fromEpoch: number }
  /** The ledger after b_e of this epoch, or of the latest (null): an `epoch-end`, then `entries` frames. */
  | { readonly kind: 'snapshot'; readonly epoch: number | null }

export type SyncFrame =
  | { readonly kind: 'head'; readonly header: Header; readonly certificate: Certificate | null }
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  | { readonly kind: 'epoch-end'; readonly header: Header; readonly certificate: Certificate }
  | { readonly kind: 'entries'; readonly entries: readonly (readonly [string, unknown])[] }
  | { readonly kind: 'none' }
  /** It was there, or passed us by, and is not kept: another peer may have it, or a snapshot helps. */
  | { readonly kind: 'not-held' }

export const syncRequestSchema: z.ZodType<SyncRequest, unknown> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('head') }),
  z.strictObject({ kind: z.literal('block'), id: cidSchema }),
  z.strictObject({ kind: z.literal('blocks'), fromHeight: naturalSchema }),
  z.strictObject({ kind: z.literal('epochs'), fromEpoch: naturalSchema }),
  z.strictObject({ kind: z.literal('snapshot'), epoch: naturalSchema.nullable() }),
])

export const syncFrameSchema: z.ZodType<SyncFrame, unknown> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('head'),
    header: headerSchema,
    certificate: certificateSchema.nullable(),
  }),
  z.strictObject({ kind: z.literal('block'), block: blockSchema }),
  z.strictObject({ kind: z.literal('certificate'), certificate: certificateSchema }),
  z.strictObject({
    kind: z.literal('epoch-end'),
    header: headerSchema,
    certificate: certificateSchema,
  }),
  z.strictObject({
    kind: z.literal('entries'),
    entries: z.array(z.tuple([z.string().refine(isTreeKey), z.unknown()])).max(4096),
  }),
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('not-held') }),
])

/** Largest request, and largest response frame, in bytes. [SYN-2] */
export const SYNC_REQUEST_SIZE_MAX = 1024
export const SYNC_FRAME_SIZE_MAX: number = 1024 * 1024
