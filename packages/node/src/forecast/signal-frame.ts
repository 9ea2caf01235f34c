import {
  type Cid,
  cidSchema,
  decode,
  encode,
  naturalSchema,
  ok,
  type Result,
  reject,
  type Statement,
  statementSchema,
} from '@commonweal/protocol'
import { z } from 'zod'

/** What agents tell one another directly about questions. [FOR-12] */
export type SignalFrame =
  /** The sender asks for what the receiver says from now on. */
  | { readonly kind: 'subscribe' }
  /** What the sender sealed, with what opens the seal. */
  | {
      readonly kind: 'statement'
      readonly question: Cid
      readonly snapshot: number
      readonly statement: Statement
      readonly salt: Uint8Array
    }

/** Largest frame: a statement of the greatest size has less than 16 KiB. [FOR-12] */
export const SIGNAL_FRAME_SIZE_MAX: number = 32 * 1024

const frameSchema: z.ZodType<SignalFrame, unknown> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('subscribe') }),
  z.strictObject({
    kind: z.literal('statement'),
    question: cidSchema,
    snapshot: naturalSchema,
    statement: statementSchema,
    salt: z.instanceof(Uint8Array).refine((salt) => salt.length === 32),
  }),
])

export function encodeSignalFrame(frame: SignalFrame): Uint8Array {
  return encode(frame)
}

/** Errors  'bad-signal' reject: no honest agent sends it. */
export function decodeSignalFrame(bytes: Uint8Array): Result<SignalFrame, 'bad-signal'> {
  const decoded = decode(bytes, SIGNAL_FRAME_SIZE_MAX)
  const parsed = decoded.ok ? frameSchema.safeParse(decoded.value) : undefined
  return parsed?.success === true ? ok(parsed.data) : reject('bad-signal', { size: bytes.length })
}
