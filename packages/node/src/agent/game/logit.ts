/** How often each action is played. */
export type MixedStrategy = readonly number[]

/** What each own action is worth against each action of the other side: `[own][other]`. */
export type ActionValues = readonly (readonly number[])[]

export interface LogitEquilibrium {
  readonly own: MixedStrategy
  readonly other: MixedStrategy
  /** Whether the strategies stood still before the steps ran out. */
  readonly isConverged: boolean
}

const DAMPING = 0.5
const TOLERANCE = 1e-6
const STEP_COUNT_MAX = 5_000

/**
 * The logit quantal response equilibrium of two sides with one precision. [AGT-14]
 *
 * Formula σ_i ∝ exp(β·V_i·σ_other), as a fixed point from uniform play, half of each step taken, both sides at once, until no
 *         chance changes by 1e-6.
 * Cost    some 30 steps of n² where it converges, 5,000 where it does not.
 */
export function solveLogit(
  values: { readonly own: ActionValues; readonly other: ActionValues },
  beta: number,
): LogitEquilibrium {
  let own = uniform(values.own.length)
  let other = uniform(values.other.length)
  for (let step = 0; step < STEP_COUNT_MAX; step++) {
    const nextOwn = moveTowards(own, logit(values.own, other, beta))
    const nextOther = moveTowards(other, logit(values.other, own, beta))
    const change = Math.max(distance(own, nextOwn), distance(other, nextOther))
    own = nextOwn
    other = nextOther
    if (change < TOLERANCE) return { own, other, isConverged: true }
  }
  return { own, other, isConverged: false }
}

/** What each action is worth against a mixed strategy. */
export function expectedValues(values: ActionValues, other: MixedStrategy): readonly number[] {
  return values.map((line) => {
    let expected = 0
    for (const [action, value] of line.entries()) expected += value * (other[action] ?? 0)
    return expected
  })
}

export function uniform(count: number): MixedStrategy {
  return Array.from({ length: count }, () => 1 / count)
}

function logit(values: ActionValues, other: MixedStrategy, beta: number): MixedStrategy {
  const exponents = expectedValues(values, other).map((expected) => beta * expected)
  const greatest = Math.max(...exponents)
  const powers = exponents.map((exponent) => Math.exp(exponent - greatest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

function moveTowards(from: MixedStrategy, to: MixedStrategy): MixedStrategy {
  return from.map((chance, action) => (1 - DAMPING) * chance + DAMPING * (to[action] ?? 0))
}

function distance(a: MixedStrategy, b: MixedStrategy): number {
  return Math.max(...a.map((chance, action) => Math.abs(chance - (b[action] ?? 0))))
}
