import { createWorld } from '../../world.ts'

/** One question: what comes true, and what everybody believes. Beliefs are right on average. */
export interface Situation {
  readonly outcome: 0 | 1
  /** What the attacker believes about the first outcome, in basis points. */
  readonly beliefBps: number
  /** What the others do, by name. */
  readonly others: Readonly<Record<string, number>>
}

export interface SituationPlan {
  readonly names: readonly string[]
  readonly questionCount?: number
  /** Coins that the attacker sees; the others see three. */
  readonly coins?: number
}

const COINS = 3

/** Draws questions from the same worlds of coins in which attacks on the score are measured. */
export function drawSituations(seed: string, plan: SituationPlan): readonly Situation[] {
  const { names, questionCount = 1, coins = COINS } = plan
  const world = createWorld({
    seed,
    questionCount,
    snapshotCount: 1,
    coinsPerSnapshot: [coins, ...names.map(() => COINS)],
  })
  return world.map(({ firstCameTrue, beliefs }) => {
    const [own = 5_000, ...rest] = beliefs.map(([belief = 0.5]) => Math.round(belief * 10_000))
    return {
      outcome: firstCameTrue ? 0 : 1,
      beliefBps: own,
      others: Object.fromEntries(names.map((name, index) => [name, rest[index] ?? 5_000])),
    }
  })
}

/** The one question of a world. */
export function drawSituation(seed: string, plan: SituationPlan): Situation {
  const [situation] = drawSituations(seed, { ...plan, questionCount: 1 })
  return situation ?? { outcome: 0, beliefBps: 5_000, others: {} }
}
