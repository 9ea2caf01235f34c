import { invariant } from '../invariant.ts'
import { WHOLE_BPS } from './log-table.ts'

/** One agent awake, the house included: its weight and what it gave to what came true. */
export interface KellyEntry {
  readonly weightMicro: bigint
  readonly outcomeBps: number
}

/**
 * The public score K_i: how much a bettor with these forecasts and the whole of its stake on them would have grown against
 * the weighted geometric field of the others. Leaderboards show it; no rule of the ledger depends on it.
 *
 * Shape   everybody awake in one snapshot, weights above 0, 1 … 10 000 basis points.
 * Units   nats, a float; null for a lone reporter, who has no field.
 * Formula K_i = (s_i − Σ_j π_j s_j) / (1 − π_i), s = ln p(x), π = W/S.
 * Source  spec/emission.md [EMI-14]
 */
export function computeKellyScores(entries: readonly KellyEntry[]): readonly (number | null)[] {
  const weights = entries.map(({ weightMicro }) => Number(weightMicro))
  invariant(
    weights.every((weight) => weight > 0),
    'who is awake has weight',
  )
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const parts = entries.map(({ outcomeBps }, index) => ({
    share: (weights[index] ?? 0) / total,
    score: Math.log(outcomeBps / WHOLE_BPS),
  }))
  const mean = parts.reduce((sum, { share, score }) => sum + share * score, 0)
  return parts.map(({ share, score }) =>
    entries.length === 1 ? null : (score - mean) / (1 - share),
  )
}
