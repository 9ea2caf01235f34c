import {
  amountSchema,
  certificateSchema,
  cidSchema,
  decode,
  encode,
  type JournalRecord,
  naturalSchema,
  statementSchema,
} from '@commonweal/protocol'
import { z } from 'zod'
import { StoreError } from './store-error.ts'

/** A journal record as a row: a block's body is in the table of blocks. */
export type RowRecord = Exclude<JournalRecord, { readonly kind: 'block' }>

const recordSchema: z.ZodType<RowRecord, unknown> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('signed'), envelope: z.instanceof(Uint8Array) }),
  z.strictObject({ kind: z.literal('certificate'), certificate: certificateSchema }),
  z.strictObject({
    kind: z.literal('action'),
    subnet: z.string(),
    epoch: naturalSchema,
    action: amountSchema,
  }),
  z.strictObject({
    kind: z.literal('statement'),
    epoch: naturalSchema,
    question: cidSchema,
    snapshot: naturalSchema,
    statement: statementSchema,
  }),
  z.strictObject({
    kind: z.literal('verdict'),
    epoch: naturalSchema,
    question: cidSchema,
    round: naturalSchema,
    outcome: naturalSchema,
  }),
])

/** Largest body that the store reads back: its own disk is trusted with more than a peer is. */
const BODY_SIZE_MAX = 256 * 1024 * 1024

/** A stored body as the value that was written. */
export function decodeBody<T>(body: Uint8Array, schema: z.ZodType<T, unknown>, what: string): T {
  const decoded = decode(body, BODY_SIZE_MAX)
  const parsed = decoded.ok ? schema.safeParse(decoded.value) : undefined
  if (parsed?.success === true) return parsed.data
  throw new StoreError('store-corrupt', `a stored ${what} cannot be read back`, {
    facts: { what, size: body.length },
  })
}

export function decodeRecord(body: Uint8Array): RowRecord {
  return decodeBody(body, recordSchema, 'journal record')
}

/** The epoch that a record is of; a message that names none is of the epoch in which it was written. */
export function epochOfRecord(record: JournalRecord, currentEpoch: number): number {
  switch (record.kind) {
    case 'signed':
      return epochOfEnvelope(record.envelope) ?? currentEpoch
    case 'certificate':
      return record.certificate.epoch
    case 'block':
      return record.block.header.epoch
    case 'action':
    case 'statement':
    case 'verdict':
      return record.epoch
  }
}

const envelopeSchema = z.object({ payload: z.instanceof(Uint8Array) })
const epochSchema = z.object({ epoch: naturalSchema })

function epochOfEnvelope(envelope: Uint8Array): number | undefined {
  const outer = decode(envelope, envelope.length)
  const shape = outer.ok ? envelopeSchema.safeParse(outer.value) : undefined
  if (shape?.data === undefined) return undefined
  const payload = decode(shape.data.payload, shape.data.payload.length)
  return payload.ok ? epochSchema.safeParse(payload.value).data?.epoch : undefined
}

/** The value of a ledger entry, as bytes and back: what is in a snapshot. */
export function encodeEntry(value: unknown): Uint8Array {
  return encode(value)
}

export function decodeEntry(body: Uint8Array): unknown {
  return decodeBody(body, z.unknown(), 'ledger entry')
}
