import type { AgentId } from '@commonweal/protocol'
import type { HeardQuestion } from './heard-question.ts'
import { computeLogRatios, computePool, POOL_WEIGHT_MAX } from './log-pool.ts'

/** How much each supplier counts in a pool, learned question by question. */
export type OnlineWeights = ReadonlyMap<AgentId, LearnedWeight>

interface LearnedWeight {
  readonly weight: number
  /** G: sum of the squares of all slopes so far. */
  readonly squares: number
}

const SLOPE_MAX = 3
const RATE = 0.5
const SQUARES_FLOOR = 0.01

/**
 * Before the first question. Who was never heard counts for nothing: a name costs nothing, and the first step is a long one.
 * (Measured: every other start, from 1/n to 1, loses more, also where all sellers are good.)
 */
export const noWeights: OnlineWeights = new Map()

/** How much a supplier counts; 0 for one that was never heard. [CRD-2] */
export function weightOf(weights: OnlineWeights, supplier: AgentId): number {
  return weights.get(supplier)?.weight ?? 0
}

/**
 * One step of AdaGrad on the log loss of the pool, which is convex in the weights.
 *
 * Formula h_j = d_j(x) − E_p[d_j], clipped at ±3; G_j += h_j²; w_j ← clip(w_j + .5·h_j/√(G_j + .01), 0, 2)
 * Result  who was not heard keeps its weight.
 * Source  Duchi, Hazan and Singer 2011; spec/credit.md [CRD-2]
 */
export function stepWeights(weights: OnlineWeights, question: HeardQuestion): OnlineWeights {
  const { reference, outcome, heard } = question
  const parts = heard.map(({ supplier, probabilities }) => ({
    probabilities,
    weight: weightOf(weights, supplier),
  }))
  const pool = computePool({ reference, parts })
  const next = new Map(weights)
  for (const { supplier, probabilities } of heard) {
    const ratios = computeLogRatios(probabilities, reference)
    const expected = ratios.reduce((sum, ratio, k) => sum + ratio * (pool[k] ?? 0), 0)
    const slope = clip((ratios[outcome] ?? 0) - expected, -SLOPE_MAX, SLOPE_MAX)
    const squares = (weights.get(supplier)?.squares ?? 0) + slope ** 2
    const step = (RATE * slope) / Math.sqrt(squares + SQUARES_FLOOR)
    const weight = clip(weightOf(weights, supplier) + step, 0, POOL_WEIGHT_MAX)
    next.set(supplier, { weight, squares })
  }
  return next
}

function clip(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
