import {
  type ConsensusFrame,
  certificateSchema,
  decode,
  encode,
  MESSAGE_SIZE_MAX,
  type Result,
  reject,
} from '@commonweal/protocol'
import { z } from 'zod'

/** Largest frame on `/commonweal/consensus/1`: a certificate of the largest set is smaller than this. */
export const CONSENSUS_FRAME_SIZE_MAX: number = 256 * 1024

const frameSchema: z.ZodType<ConsensusFrame, unknown> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('envelope'),
    envelope: z.instanceof(Uint8Array).refine((bytes) => bytes.length <= MESSAGE_SIZE_MAX),
  }),
  z.strictObject({ kind: z.literal('certificate'), certificate: certificateSchema }),
])

export function encodeConsensusFrame(frame: ConsensusFrame): Uint8Array {
  return encode(frame)
}

/** Errors  'too-large' · 'too-deep' · 'malformed' · 'non-canonical' · 'bad-shape', all reject. */
export function decodeConsensusFrame(bytes: Uint8Array): Result<ConsensusFrame, string> {
  const decoded = decode(bytes, CONSENSUS_FRAME_SIZE_MAX)
  if (!decoded.ok) return decoded
  const frame = frameSchema.safeParse(decoded.value)
  return frame.success ? { ok: true, value: frame.data } : reject('bad-shape', { part: 'frame' })
}
