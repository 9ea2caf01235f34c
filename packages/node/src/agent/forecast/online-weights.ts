import { type AgentId, compareAgents } from '@commonweal/protocol'
import type { HeardQuestion } from './heard-question.ts'
import {
  computeCovariances,
  computeLogRatios,
  computePool,
  meanOf,
  POOL_WEIGHT_MAX,
} from './log-pool.ts'
import { matrixOf, type PairSums, pairOf } from './pairs.ts'

/** How much each supplier counts in a pool, learned question by question. */
export interface OnlineWeights {
  readonly weights: ReadonlyMap<AgentId, number>
  /** b: by supplier, what pulls its weight up. */
  readonly pulls: ReadonlyMap<AgentId, number>
  /** H: by pair, how fast more of the one makes more of the other needless. */
  readonly curvatures: PairSums
}

/** A rule by which weights are learned. */
export type WeightRule = (weights: OnlineWeights, question: HeardQuestion) => OnlineWeights

/** How sure it is before the first question that a name is worth nothing: a weight is 0, give or take a half. */
const PRIOR = 4
/** What is left of what was learned, question by question: who turns is not trusted for ever for what it was. */
const KEPT = 0.998
const SWEEP_COUNT_MAX = 200
const CHANGE_MIN = 1e-9

/** Before the first question: who was never heard counts for nothing, for a name costs nothing. */
export const noWeights: OnlineWeights = {
  weights: new Map(),
  pulls: new Map(),
  curvatures: new Map(),
}

/** Before the first question, for one who trusts a supplier as it is. */
export function trust(supplier: AgentId): OnlineWeights {
  return { ...noWeights, weights: new Map([[supplier, 1]]), pulls: new Map([[supplier, PRIOR]]) }
}

/** How much a supplier counts; 0 for one that was never heard. [CRD-2] */
export function weightOf({ weights }: OnlineWeights, supplier: AgentId): number {
  return weights.get(supplier) ?? 0
}

/**
 * One step of the online Newton method on the log loss of the pool, which is convex in the weights.
 *
 * All suppliers are weighed together, so that two who say the same share a weight, and one that adds nothing but noise to what
 * another says gets none. No rate of learning is to be chosen.
 *
 * Formula with p the pool at the weights from before, g_i = d_i(x) − E_p[d_i], C = Cov_p(d) of those that were heard:
 *         H ← .998H + C, b ← .998b + g + Cw; w = argmin ½·wᵀ(H + 4I)w − bᵀw over 0 ≤ w ≤ 2
 * Result  who was never heard is not among them.
 * Cost    O(n²K) and at most SWEEP_COUNT_MAX sweeps of O(n²).
 * Source  Hazan, Agarwal and Kale 2007; spec/credit.md [CRD-2]
 */
export const stepWeights: WeightRule = (before, question) => {
  const { outcome, heard } = question
  const { ratios, pool, weights } = poolHeard(before, question)
  const covariances = computeCovariances(ratios, pool)
  const curvatures = new Map([...before.curvatures].map(([pair, sum]) => [pair, KEPT * sum]))
  const pulls = new Map([...before.pulls].map(([supplier, pull]) => [supplier, KEPT * pull]))
  for (const [index, { supplier }] of heard.entries()) {
    const [own = [], across = []] = [ratios[index], covariances[index]]
    const slope = (own[outcome] ?? 0) - meanOf(own, pool)
    const held = across.reduce((sum, covariance, other) => {
      return sum + covariance * (weights[other] ?? 0)
    }, 0)
    pulls.set(supplier, (pulls.get(supplier) ?? 0) + slope + held)
    for (const [place, { supplier: other }] of heard.slice(0, index + 1).entries()) {
      const pair = pairOf(supplier, other)
      curvatures.set(pair, (curvatures.get(pair) ?? 0) + (across[place] ?? 0))
    }
  }
  return { weights: settleWeights(before.weights, pulls, curvatures), pulls, curvatures }
}

/** What a question looks like at the weights from before it: log ratios, weights of who was heard, and the pool. */
export function poolHeard(
  before: OnlineWeights,
  { reference, heard }: HeardQuestion,
): {
  readonly ratios: readonly (readonly number[])[]
  readonly weights: readonly number[]
  readonly pool: readonly number[]
} {
  const parts = heard.map(({ supplier, probabilities }) => {
    return { probabilities, weight: weightOf(before, supplier) }
  })
  return {
    ratios: heard.map(({ probabilities }) => computeLogRatios(probabilities, reference)),
    weights: parts.map(({ weight }) => weight),
    pool: computePool({ reference, parts }),
  }
}

/** The least of the quadratic within the bounds, one weight after another, from where they were. */
function settleWeights(
  before: OnlineWeights['weights'],
  pulls: OnlineWeights['pulls'],
  curvatures: PairSums,
): OnlineWeights['weights'] {
  const sorted = [...pulls].toSorted(([a], [b]) => compareAgents(a, b))
  const suppliers = sorted.map(([supplier]) => supplier)
  const matrix = matrixOf(curvatures, suppliers)
  const weights = suppliers.map((supplier) => before.get(supplier) ?? 0)
  for (let sweep = 0, change = 1; sweep < SWEEP_COUNT_MAX && change > CHANGE_MIN; sweep++) {
    change = 0
    for (const [index, row] of matrix.entries()) {
      const old = weights[index] ?? 0
      const own = row[index] ?? 0
      const others = row.reduce((sum, value, other) => sum + value * (weights[other] ?? 0), 0)
      const pull = sorted[index]?.[1] ?? 0
      const next = clip((pull - others + own * old) / (own + PRIOR), 0, POOL_WEIGHT_MAX)
      change = Math.max(change, Math.abs(next - old))
      weights[index] = next
    }
  }
  return new Map(suppliers.map((supplier, index) => [supplier, weights[index] ?? 0]))
}

export function clip(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
