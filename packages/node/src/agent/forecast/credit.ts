import { computeLogRatios, computeShift, type LogPool, move, type PoolPart } from './log-pool.ts'

/** A pool on a question that is settled: what credit is divided over. */
export interface CreditQuestion extends LogPool {
  readonly parts: readonly CreditPart[]
  /** The outcome that came true. */
  readonly outcome: number
  /** Fixes the draws of a method that draws. */
  readonly seed: string
}

export interface CreditPart extends PoolPart {
  /** Place of its seal among all of the question. */
  readonly order: number
}

/** A way to divide what a pool gained over its reference, in nats, by part. */
export type CreditMethod = (question: CreditQuestion) => readonly number[]

/** The positive nodes of the 8-node Gauss–Legendre rule on [−1, 1], with their weights. */
const NODES: readonly (readonly [node: number, weight: number])[] = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
]
const PANEL_COUNT_MAX = 256
const TOLERANCE = 1e-13

/**
 * Aumann–Shapley credit: what each signal adds to the pool while all weights grow together from 0 to what they are.
 *
 * Shape   as {@link LogPool}.
 * Units   nats.
 * Formula c_j = w_j ∫₀¹ (d_j(x) − E_{p⁽ᵗ⁾}[d_j]) dt, p⁽ᵗ⁾ ∝ r·exp(t·z), z = Σ_j w_j·d_j. The integral is linear in d_j, so
 *         one mean path p̄ = ∫₀¹ p⁽ᵗ⁾ dt serves all: c_j = w_j Σ_k p̄(k)·(d_j(x) − d_j(k))
 * Result  by part; Σ c_j = ln p(x) − ln r(x). A part of weight 0 gets 0. One that is split in two of the same probabilities,
 *         whose weights sum to its own, gets the same in sum, and nobody else's credit changes: p̄ depends on z alone.
 * Cost    O(8 · panels · K + n · K), at most PANEL_COUNT_MAX panels.
 * Source  Aumann and Shapley 1974; spec/credit.md [CRD-3]
 */
export const computeCredit: CreditMethod = (question) => {
  const { reference, parts, outcome } = question
  const path = computeMeanPath(reference, computeShift(question), outcome)
  return parts.map(({ probabilities, weight }) => {
    const ratios = computeLogRatios(probabilities, reference)
    const won = ratios[outcome] ?? 0
    return weight * path.reduce((sum, mass, k) => sum + mass * (won - (ratios[k] ?? 0)), 0)
  })
}

/** p̄ = ∫₀¹ p⁽ᵗ⁾ dt; doubles the panels until Σ c_j is what it must be. */
function computeMeanPath(
  reference: readonly number[],
  shift: readonly number[],
  outcome: number,
): readonly number[] {
  // Seen from what came true, so that little cancels where the pool was right.
  const from = shift[outcome] ?? 0
  const seen = shift.map((z) => z - from)
  const gain = -move(reference, seen).logSum
  const greatest = Math.max(...seen.map(Math.abs))
  // Rounding alone leaves a gap of the order of ε·max|z|.
  const tolerance = Math.max(TOLERANCE * Math.max(1, Math.abs(gain)), Number.EPSILON * greatest)
  for (let panelCount = 1; ; panelCount *= 2) {
    const path = integratePath(reference, seen, panelCount)
    const total = -path.reduce((sum, mass, k) => sum + mass * (seen[k] ?? 0), 0)
    if (Math.abs(total - gain) <= tolerance || panelCount === PANEL_COUNT_MAX) return path
  }
}

/**
 * Composite Gauss–Legendre with panels from (i/P)³ to ((i+1)/P)³. A pool of strong signals makes up its mind at t near
 * 1/max|z|: there the panels must be narrow, and further on they need not. (Equal panels err by up to 10⁻⁹ with 64 signals as
 * sure as a report can be.)
 */
function integratePath(
  reference: readonly number[],
  shift: readonly number[],
  panelCount: number,
): readonly number[] {
  const path = reference.map(() => 0)
  for (let panel = 0; panel < panelCount; panel++) {
    const start = (panel / panelCount) ** 3
    const half = (((panel + 1) / panelCount) ** 3 - start) / 2
    for (const [node, weight] of NODES) {
      for (const side of [-node, node]) {
        const { probabilities } = move(reference, shift, start + half * (1 + side))
        for (const [k, mass] of probabilities.entries()) {
          path[k] = (path[k] ?? 0) + half * weight * mass
        }
      }
    }
  }
  return path
}
