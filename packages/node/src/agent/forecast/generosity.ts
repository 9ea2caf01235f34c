import { type AgentId, STREAM_BPS_MAX, WHOLE_BPS } from '@commonweal/protocol'
import type { Prosociality } from '../prosocial.ts'

/** What an agent weighs when it decides how much of what it receives it passes on. */
export interface GenerosityQuestion {
  /** What must be passed on so that its suppliers keep serving it. */
  readonly keepBps: number
  /** Shares of what is passed on, with the sum 1; empty where there is nobody to pay. */
  readonly shares: ReadonlyMap<AgentId, number>
  readonly prosociality: Prosociality
}

/**
 * δ: how much of everything it receives an agent passes on.
 *
 * It maximises V = u + λW, which is (1 − α)·u + α·W with α = λ/(1 + λ), and so u + α·Σ u_j over the suppliers j: W counts the
 * agent too. Three things are assumed. Money is worth its logarithm to whoever keeps it. n suppliers share δ equally. Below
 * δ_keep they stop serving, which costs more than any δ saves, and above it what they send does not change. Then
 *
 *   V(δ) = ln(1 − δ) + α·n·ln(δ/n),   V'(δ) = −1/(1 − δ) + α·n/δ = 0 at δ* = αn/(1 + αn)
 *
 * V is concave, so the best δ from δ_keep to .8 is δ* brought into these bounds. With λ = 0 δ* is 0 and δ is δ_keep exactly; it
 * never falls as λ grows; with λ = ∞ it is n/(n + 1), everybody alike, or .8. How δ is divided is left to credit: λ would
 * rather pay all alike, and then names that send noise would be paid for being many. For the same reason n is the effective
 * number of suppliers, 1/Σ share², in which names with small shares hardly count.
 *
 * Units   basis points; keepBps 0 … STREAM_BPS_MAX.
 * Result  0 … STREAM_BPS_MAX, an integer; 0 where there is nobody to pay.
 * Source  spec/credit.md [CRD-9]
 */
export function computeDeltaBps({ keepBps, shares, prosociality }: GenerosityQuestion): number {
  if (shares.size === 0) return 0
  const squares = [...shares.values()].reduce((sum, share) => sum + share ** 2, 0)
  const regard = prosociality.alpha / squares
  const wantedBps = Math.round((WHOLE_BPS * regard) / (1 + regard))
  return Math.min(STREAM_BPS_MAX, Math.max(keepBps, wantedBps))
}
