import { type AgentId, STREAM_BPS_MAX, type StreamShares, WHOLE_BPS } from '@commonweal/protocol'
import type { Prosociality } from '../prosocial.ts'
import { computeDeltaBps } from './generosity.ts'
import { computePayShares, sumOf } from './pay-shares.ts'
import { toStreamShares } from './stream-shares.ts'
import type { SupplierBook } from './supplier-book.ts'

/** By what an agent goes when it pays its suppliers. */
export interface PayTerms {
  /** What it passes on by shares at the most for its own sake: 0 … 8 000 basis points. */
  readonly keepBps: number
  /** What a supplier asks, in basis points. */
  readonly askingBps: number
  readonly prosociality: Prosociality
  /** The supplier that is the agent itself under another name. */
  readonly own?: AgentId | undefined
}

export const KEEP_BPS_DEFAULT = 2_000
/** What a question hence counts less than this one: so much is forgotten of a pay record too. */
const IMPATIENCE = 0.02
/** Of what signals are worth, what their buyer passes on: half of the gain is its own. */
const SUPPLIERS_PART = 0.5
/** A report that gives what came true the least that it may loses ln 100 nats. */
const LOSS_MAX = Math.log(100)

/**
 * Whom an agent pays what, by what it has learned.
 *
 * δ is passed on by shares. A supplier stops serving who pays it less than it asks, so nobody gets less: whose share is below gets
 * what it asks where its mean credit is worth that, sure or not, and else nothing. So who is sure of nobody's worth goes on to be
 * served, and to learn.
 *
 * Result  none where nobody is worth paying. The part of the agent's own other name it keeps.
 * Source  spec/credit.md [CRD-9], [CRD-11]
 */
export function toPayStreams(
  { records, worth }: Pick<SupplierBook, 'records' | 'worth'>,
  { keepBps, askingBps, prosociality, own }: PayTerms,
): StreamShares {
  const shares = computePayShares(records)
  const boundBps = Math.min(keepBps, Math.round(SUPPLIERS_PART * worthBps(worth.credit)))
  const deltaBps = computeDeltaBps({ keepBps: boundBps, shares, prosociality })
  const parts = [...records].map(([agent, record]): readonly [AgentId, number] => {
    if (agent === own) return [agent, 0]
    const shareBps = deltaBps * (shares.get(agent) ?? 0)
    if (shareBps >= askingBps) return [agent, shareBps]
    // Nobody is worth more than all together.
    const mostBps = Math.min(keepBps, worthBps(Math.min(record.credit, worth.credit)))
    return [agent, mostBps >= askingBps ? askingBps : 0]
  })
  const within = fitStream(new Map(parts), askingBps)
  return toStreamShares(within, Math.min(STREAM_BPS_MAX, Math.ceil(sumOf(within.values()))))
}

/** No more than a stream may pass on: what is above what is asked is less for all alike, or those who get just that would stop serving. */
function fitStream(
  parts: ReadonlyMap<AgentId, number>,
  askingBps: number,
): ReadonlyMap<AgentId, number> {
  const asked = new Map([...parts].map(([agent, bps]) => [agent, Math.min(bps, askingBps)]))
  const askedBps = sumOf(asked.values())
  const aboveBps = sumOf(parts.values()) - askedBps
  if (askedBps + aboveBps <= STREAM_BPS_MAX) return parts
  const kept = aboveBps === 0 ? 0 : Math.max(0, STREAM_BPS_MAX - askedBps) / aboveBps
  return new Map(
    [...parts].map(([agent, bps]) => {
      const leastBps = asked.get(agent) ?? 0
      return [agent, leastBps + kept * (bps - leastBps)]
    }),
  )
}

/**
 * The part of what it receives that an agent can pass on for a gain before it is better off without, in basis points.
 *
 * A gain of g nats makes its forecasting weight grow by g/(2·ln 100) a question more than without, and what it receives grows with its
 * weight. Who counts each question hence .02 less than the one before loses by a part δ for ever what g/(2·ln 100)/.02 brings.
 */
function worthBps(gain: number): number {
  return (WHOLE_BPS * Math.max(0, gain)) / (2 * LOSS_MAX * IMPATIENCE)
}
