import { Random } from '../simulator/engine/random.ts'

/** A world of questions with two outcomes, in which what everybody believes is right on average. */
export interface WorldPlan {
  readonly seed: string
  readonly questionCount: number
  readonly snapshotCount: number
  /** How many private coins each forecaster sees before each snapshot. */
  readonly coinsPerSnapshot: readonly number[]
}

export interface WorldQuestion {
  readonly firstCameTrue: boolean
  /** By forecaster, then snapshot: what it believes about the first outcome. */
  readonly beliefs: readonly (readonly number[])[]
}

/**
 * Draws questions: each has a coin of its own, with a bias that is uniform. It is thrown in secret to decide the question, and
 * before each snapshot every forecaster sees throws of its own. After h heads in n throws the right belief is (h + 1)/(n + 2),
 * so "to report honestly" has a meaning that nobody can dispute.
 */
export function createWorld(plan: WorldPlan): readonly WorldQuestion[] {
  const random = new Random(plan.seed, 'world')
  const uniform = (): number => random.next() / 2 ** 32
  return Array.from({ length: plan.questionCount }, () => {
    const bias = uniform()
    const beliefs = plan.coinsPerSnapshot.map((coins) => {
      let heads = 0
      return Array.from({ length: plan.snapshotCount }, (_, snapshot) => {
        for (let coin = 0; coin < coins; coin++) if (uniform() < bias) heads += 1
        return (heads + 1) / (coins * (snapshot + 1) + 2)
      })
    })
    return { firstCameTrue: uniform() < bias, beliefs }
  })
}
