import type { AgentId } from '@commonweal/protocol'
import { meanOf, POOL_WEIGHT_MAX } from './log-pool.ts'
import { clip, poolHeard, stepWeights, type WeightRule, weightOf } from './online-weights.ts'
import { pairOf } from './pairs.ts'

export type WeightRuleName = 'newton' | 'adagrad'

const SLOPE_MAX = 3
const RATE = 0.5
const SQUARES_FLOOR = 0.01

/**
 * AdaGrad: each weight goes its own way, by steps that get shorter.
 *
 * Formula h_j = d_j(x) − E_p[d_j], clipped at ±3; G_j += h_j²; w_j ← clip(w_j + .5·h_j/√(G_j + .01), 0, 2)
 * Result  G_j is the curvature of a supplier with itself; who was not heard keeps its weight.
 * Source  Duchi, Hazan and Singer 2011; spec/credit.md [CRD-4]
 */
const stepAdaGrad: WeightRule = (before, question) => {
  const { outcome, heard } = question
  const { ratios, pool } = poolHeard(before, question)
  const weights = new Map<AgentId, number>(before.weights)
  const curvatures = new Map(before.curvatures)
  for (const [index, { supplier }] of heard.entries()) {
    const own = ratios[index] ?? []
    const slope = clip((own[outcome] ?? 0) - meanOf(own, pool), -SLOPE_MAX, SLOPE_MAX)
    const itself = pairOf(supplier, supplier)
    const squares = (curvatures.get(itself) ?? 0) + slope ** 2
    const step = (RATE * slope) / Math.sqrt(squares + SQUARES_FLOOR)
    weights.set(supplier, clip(weightOf(before, supplier) + step, 0, POOL_WEIGHT_MAX))
    curvatures.set(itself, squares)
  }
  return { ...before, weights, curvatures }
}

/** The rule and its rival, which is here to be measured. [CRD-4] */
export const weightRules: Readonly<Record<WeightRuleName, WeightRule>> = {
  newton: stepWeights,
  adagrad: stepAdaGrad,
}
