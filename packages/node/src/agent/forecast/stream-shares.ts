import {
  type AgentId,
  compareAgents,
  invariant,
  STREAM_BPS_MAX,
  STREAM_RECEIVER_COUNT_MAX,
  type StreamShares,
} from '@commonweal/protocol'

/**
 * Shares of what is passed on as a stream that the network takes.
 *
 * Shape   shares 0 or more, of any sum; deltaBps 0 … STREAM_BPS_MAX, an integer.
 * Result  by receiver id, the sum deltaBps exactly, or no receivers where nothing is to be passed on; at most
 *         STREAM_RECEIVER_COUNT_MAX receivers, those with the greatest shares. Each has ⌊its quota⌋, and one more by the greatest
 *         remainder; ties go to the lower id. Whose part is then below one basis point gets none.
 * Source  spec/credit.md [CRD-8]
 */
export function toStreamShares(
  shares: ReadonlyMap<AgentId, number>,
  deltaBps: number,
): StreamShares {
  invariant(
    Number.isSafeInteger(deltaBps) && deltaBps >= 0 && deltaBps <= STREAM_BPS_MAX,
    'an agent passes on 0 … 8 000 basis points',
  )
  const receivers = [...shares]
    .filter(([, share]) => share > 0)
    .toSorted(([a, one], [b, other]) => other - one || compareAgents(a, b))
    .slice(0, STREAM_RECEIVER_COUNT_MAX)
  const total = receivers.reduce((sum, [, share]) => sum + share, 0)
  const quotas = receivers.map(([to, share]) => {
    const quota = (share / total) * deltaBps
    return { to, bps: Math.floor(quota), remainder: quota - Math.floor(quota) }
  })
  const leftBps = deltaBps - quotas.reduce((sum, { bps }) => sum + bps, 0)
  return quotas
    .toSorted((a, b) => b.remainder - a.remainder || compareAgents(a.to, b.to))
    .map(({ to, bps }, place) => ({ to, bps: place < leftBps ? bps + 1 : bps }))
    .filter(({ bps }) => bps > 0)
    .toSorted((a, b) => compareAgents(a.to, b.to))
}
