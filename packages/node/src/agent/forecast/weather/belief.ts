/** Variance of a weight before anything is learned: most findings say little. Of the constant: it may be anything. */
const PRIOR_VARIANCE = 0.02
const PRIOR_VARIANCE_CONSTANT = 1
/**
 * By how much variances grow in a day, since what was learned may change. The constant drifts faster: how often each class
 * occurs differs from year to year far more than what announces it.
 */
const DRIFT_VARIANCE = 0.000_01
const DRIFT_VARIANCE_CONSTANT = 0.002

/**
 * A normal belief about the weights of a logistic regression; the last coordinate of every vector is the constant.
 *
 * One Newton step for each thing seen: it needs no rate of learning, and sees everything once.
 *
 * Formula with x the vector, y whether it came true: v = Σx, s = x·v, p = σ(w·x), h = p(1 − p):
 *         Σ ← Σ − h·v·vᵀ/(1 + h·s) + drift, w ← w + v·(y − p)/(1 + h·s); the probability is σ(w·x/√(1 + π·s/8)).
 * Source  Spiegelhalter and Lauritzen 1990; MacKay 1992
 */
export class Belief {
  readonly weights: Float64Array
  readonly #covariance: readonly Float64Array[]

  constructor(size: number) {
    this.weights = new Float64Array(size)
    this.#covariance = Array.from({ length: size }, (_, place) => {
      const row = new Float64Array(size)
      row[place] = place === size - 1 ? PRIOR_VARIANCE_CONSTANT : PRIOR_VARIANCE
      return row
    })
  }

  predict(vector: readonly number[]): number {
    const variance = dot(vector, this.#spread(vector))
    return sigmoid(dot(vector, this.weights) / Math.sqrt(1 + (Math.PI * variance) / 8))
  }

  learn(vector: readonly number[], cameTrue: boolean): void {
    const spread = this.#spread(vector)
    const probability = sigmoid(dot(vector, this.weights))
    const curvature = probability * (1 - probability)
    const scale = 1 / (1 + curvature * dot(vector, spread))
    const error = Number(cameTrue) - probability
    for (const [place, row] of this.#covariance.entries()) {
      const along = spread[place] ?? 0
      this.weights[place] = (this.weights[place] ?? 0) + along * error * scale
      for (const [other, across] of spread.entries()) {
        row[other] = (row[other] ?? 0) - curvature * along * across * scale
      }
      const isConstant = place === this.weights.length - 1
      row[place] = (row[place] ?? 0) + (isConstant ? DRIFT_VARIANCE_CONSTANT : DRIFT_VARIANCE)
    }
  }

  #spread(vector: readonly number[]): readonly number[] {
    return this.#covariance.map((row) => dot(vector, row))
  }
}

function dot(one: readonly number[], other: ArrayLike<number>): number {
  return one.reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0)
}

function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score))
}
