import type { MatrixGame } from '@commonweal/protocol'
import { Random } from '../simulator/engine/random.ts'
import { type QuantalResponse, solveQuantalResponse } from './quantal-response.ts'

/** One game that was played once, and what was seen of it: one act for each seat whose weight is asked for. */
export interface Scenario {
  readonly game: MatrixGame
  readonly acts: readonly { readonly seat: 0 | 1; readonly action: number }[]
}

/** The prosocial weight that play reveals. */
export interface RevealedWeight {
  /** The most likely λ and precision β. */
  readonly lambda: number
  readonly beta: number
  readonly logLikelihood: number
  /** Where 95 % of resamples have their most likely λ, and every λ that a likelihood ratio test does not reject. */
  readonly interval: { readonly lo: number; readonly hi: number }
}

export interface EstimateOptions {
  readonly seed: string
  readonly resampleCount?: number
}

export const LAMBDA_MAX = 10
export const BETA_MIN = 0.1
export const BETA_MAX = 40

/**
 * λ = 10·(i/40)², dense where it decides; β in 12 equal ratios. A lattice of 8 units a step, which three halvings refine.
 */
const STEP_UNITS = 8
const LAMBDA_UNITS: number = 40 * STEP_UNITS
const BETA_UNITS: number = 12 * STEP_UNITS
/** Half of the 95 % point of χ² with one degree: less likely weights are rejected by the likelihood ratio. */
const LOG_RATIO_MAX = 1.92
/** In a resample: weights that differ by less are the same. */
const LOG_RATIO_TIE = 0.01
/** Even a player who never errs may: one act does not make a weight impossible. */
const CHANCE_MIN = 1e-12
const RESAMPLE_COUNT = 1_000

/**
 * Estimates λ from acts in games, as if both players of each were in the quantal response equilibrium of one λ and one β.
 *
 * Greatest joint likelihood over λ in [0, 10] and β in [0.1, 40], by a grid, then refined around its best point. The interval
 * comes from resampling whole scenarios, and is widened to the λ that are nearly as likely: resamples of a player who always
 * cooperates all favour the greatest λ, though a lesser one explains as much. The seed fixes it.
 *
 * Shape   at least one scenario.
 * Cost    some 550 points, each a fixed point for every distinct game; resamples only add up what is known.
 */
export function estimateWeight(
  scenarios: readonly Scenario[],
  { seed, resampleCount = RESAMPLE_COUNT }: EstimateOptions,
): RevealedWeight {
  if (scenarios.length === 0) throw new RangeError('a weight is revealed by at least one scenario')
  const likelihood = new Likelihood(scenarios)
  const once = scenarios.map(() => 1)
  const best = likelihood.maximise(once)
  const likely = likelihood.findLikely(once, LOG_RATIO_MAX)
  const random = new Random(seed, 'revealed-weight')
  const lows: number[] = []
  const highs: number[] = []
  for (let resample = 0; resample < resampleCount; resample++) {
    const counts = scenarios.map(() => 0)
    for (let draw = 0; draw < scenarios.length; draw++) {
      const scenario = random.below(scenarios.length)
      counts[scenario] = (counts[scenario] ?? 0) + 1
    }
    const { lowest, highest } = likelihood.findLikely(counts, LOG_RATIO_TIE)
    lows.push(lowest)
    highs.push(highest)
  }
  return {
    ...best,
    interval: {
      lo: Math.min(best.lambda, likely.lowest, quantile(lows, 0.025)),
      hi: Math.max(best.lambda, likely.highest, quantile(highs, 0.975)),
    },
  }
}

/** Whether play contradicts the weight that an agent has declared. */
export function isContradicted({ interval }: RevealedWeight, declaredLambda: number): boolean {
  const known = Math.min(declaredLambda, LAMBDA_MAX)
  return known < interval.lo || known > interval.hi
}

interface Scored {
  readonly point: Point
  readonly score: number
}

interface Point {
  readonly lambdaUnits: number
  readonly betaUnits: number
}

/** The log likelihood of each scenario at the points of a lattice, each computed once. */
class Likelihood {
  readonly #scenarios: readonly Scenario[]
  readonly #known = new Map<number, Float64Array>()
  readonly #grid: readonly Point[]

  constructor(scenarios: readonly Scenario[]) {
    this.#scenarios = scenarios
    this.#grid = multiples(LAMBDA_UNITS).flatMap((lambdaUnits) =>
      multiples(BETA_UNITS).map((betaUnits) => ({ lambdaUnits, betaUnits })),
    )
  }

  /** The most likely point where each scenario counts so many times. */
  maximise(counts: readonly number[]): Pick<RevealedWeight, 'lambda' | 'beta' | 'logLikelihood'> {
    const { point, score } = this.#refine(bestOf(this.#scoreGrid(counts)), counts)
    return { lambda: lambdaOf(point), beta: betaOf(point), logLikelihood: score }
  }

  /** Least and greatest λ of the grid that are as likely as any, but for a log ratio, each at its best β. */
  findLikely(
    counts: readonly number[],
    logRatio: number,
  ): { readonly lowest: number; readonly highest: number } {
    const scored = this.#scoreGrid(counts)
    const { score } = bestOf(scored)
    const likely = scored.filter((one) => one.score >= score - logRatio)
    const units = likely.map(({ point }) => point.lambdaUnits)
    // The true end lies between a point that is likely and the next that is not.
    const lowest = Math.max(0, Math.min(...units) - STEP_UNITS)
    const highest = Math.min(LAMBDA_UNITS, Math.max(...units) + STEP_UNITS)
    return { lowest: lambdaAt(lowest), highest: lambdaAt(highest) }
  }

  #scoreGrid(counts: readonly number[]): readonly Scored[] {
    return this.#grid.map((point) => ({ point, score: this.#score(point, counts) }))
  }

  #refine(start: Scored, counts: readonly number[]): Scored {
    let found = start
    for (let step = STEP_UNITS / 2; step >= 1; step /= 2) {
      for (let isBetter = true; isBetter; ) {
        const around = neighboursOf(found.point, step).map((point) => ({
          point,
          score: this.#score(point, counts),
        }))
        const next = bestOf([found, ...around])
        isBetter = next !== found
        found = next
      }
    }
    return found
  }

  #score(point: Point, counts: readonly number[]): number {
    const logs = this.#at(point)
    let score = 0
    for (let index = 0; index < logs.length; index++) {
      score += (counts[index] ?? 0) * (logs[index] ?? 0)
    }
    return score
  }

  #at(point: Point): Float64Array {
    const key = point.lambdaUnits * (BETA_UNITS + 1) + point.betaUnits
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const logs = Float64Array.from(this.#scenarios, ({ game, acts }) => {
      const { row, column } = solveAt(game, key, point)
      return acts.reduce((sum, { seat, action }) => {
        const chance = (seat === 0 ? row : column)[action] ?? 0
        return sum + Math.log(Math.max(chance, CHANCE_MIN))
      }, 0)
    })
    this.#known.set(key, logs)
    return logs
  }
}

/** Solutions by game and point: a game that is played again is not solved again, whoever plays it. */
const solutions = new WeakMap<MatrixGame, Map<number, QuantalResponse>>()

function solveAt(game: MatrixGame, key: number, point: Point): QuantalResponse {
  const ofGame = solutions.get(game) ?? new Map<number, QuantalResponse>()
  solutions.set(game, ofGame)
  const known = ofGame.get(key)
  if (known !== undefined) return known
  const solved = solveQuantalResponse(game, lambdaOf(point), betaOf(point))
  ofGame.set(key, solved)
  return solved
}

/** The first of the highest score. */
function bestOf(scored: readonly Scored[]): Scored {
  return scored.reduce((found, one) => (one.score > found.score ? one : found))
}

function neighboursOf({ lambdaUnits, betaUnits }: Point, step: number): readonly Point[] {
  return [
    { lambdaUnits: lambdaUnits - step, betaUnits },
    { lambdaUnits: lambdaUnits + step, betaUnits },
    { lambdaUnits, betaUnits: betaUnits - step },
    { lambdaUnits, betaUnits: betaUnits + step },
  ].filter(
    (point) =>
      point.lambdaUnits >= 0 &&
      point.lambdaUnits <= LAMBDA_UNITS &&
      point.betaUnits >= 0 &&
      point.betaUnits <= BETA_UNITS,
  )
}

function multiples(units: number): readonly number[] {
  return Array.from({ length: units / STEP_UNITS + 1 }, (_, index) => index * STEP_UNITS)
}

function lambdaOf({ lambdaUnits }: Point): number {
  return lambdaAt(lambdaUnits)
}

function lambdaAt(lambdaUnits: number): number {
  return LAMBDA_MAX * (lambdaUnits / LAMBDA_UNITS) ** 2
}

function betaOf({ betaUnits }: Point): number {
  return BETA_MIN * (BETA_MAX / BETA_MIN) ** (betaUnits / BETA_UNITS)
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}
