import { z } from 'zod'
import type { AgentId } from '../identity/agent-id.ts'
import { ok, type Result, reject } from '../result.ts'
import { agentIdSchema } from '../schema/atoms.ts'

/** Greatest δ: nobody passes on more than this part of what it receives. [EMI-9] */
export const STREAM_BPS_MAX = 8_000
/** Receivers of one agent's stream. [EMI-9] */
export const STREAM_RECEIVER_COUNT_MAX = 32

/** One receiver and its part of everything that the owner receives, δ·c in basis points. */
export interface StreamShare {
  readonly to: AgentId
  readonly bps: number
}

/** What an agent passes on of everything that it receives: by receiver id. Empty: it keeps all. */
export type StreamShares = readonly StreamShare[]

export type StreamCode =
  | 'too-many-receivers'
  | 'receivers-unordered'
  | 'pays-itself'
  | 'share-out-of-range'
  | 'passes-too-much'

export const streamSharesSchema: z.ZodType<StreamShares, unknown> = z
  .array(z.strictObject({ to: agentIdSchema, bps: z.int() }))
  .max(STREAM_RECEIVER_COUNT_MAX)

/**
 * Whether an agent may pass on its emissions like this. Where the tokens stay, δ ≤ 0.8 makes every cycle harmless.
 *
 * Shape   at most STREAM_RECEIVER_COUNT_MAX receivers, strictly ascending by id, the owner not among them.
 * Units   basis points of everything received, 1 … 8 000 each and together.
 * Errors  'too-many-receivers' · 'receivers-unordered' one occurs twice or out of order · 'pays-itself' ·
 *         'share-out-of-range' · 'passes-too-much'; all reject, in this order.
 * Source  spec/emission.md [EMI-9]
 */
export function checkStream(
  owner: AgentId,
  shares: StreamShares,
): Result<StreamShares, StreamCode> {
  if (shares.length > STREAM_RECEIVER_COUNT_MAX) {
    return reject('too-many-receivers', { count: shares.length })
  }
  const unordered = shares.findIndex(({ to }, index) => to <= (shares[index - 1]?.to ?? ''))
  if (unordered !== -1) return reject('receivers-unordered', { index: unordered })
  if (shares.some(({ to }) => to === owner)) return reject('pays-itself')
  const wrong = shares.findIndex(
    ({ bps }) => !Number.isSafeInteger(bps) || bps < 1 || bps > STREAM_BPS_MAX,
  )
  if (wrong !== -1) return reject('share-out-of-range', { index: wrong })
  const passedBps = shares.reduce((sum, { bps }) => sum + bps, 0)
  if (passedBps > STREAM_BPS_MAX) return reject('passes-too-much', { passedBps })
  return ok(shares)
}
