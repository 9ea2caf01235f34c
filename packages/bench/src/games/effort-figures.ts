import { findBestEquilibrium, findPureEquilibria, type Setting, weight } from './equilibrium.ts'
import { baseMatrix, C, CH, DH, EFFORT_NAMES, splitEffort } from './hidden-effort.ts'
import { forceBase, type Mechanism, NO_CONTRACT } from './mechanism.ts'
import type { BaseGame } from './published-games.ts'
import { multiply, type Rational, rational, subtract } from './rational.ts'
import {
  computeFirstBest,
  type Profile,
  type StageGame,
  stageGamesOf,
  welfareOf,
} from './stage-game.ts'
import { findSymmetricEquilibria } from './symmetric-equilibrium.ts'
import { computeLambdaThreshold } from './threshold.ts'

/** What hidden effort costs in one game, exactly and in the game's own units. */
export interface EffortFigures {
  /** "DH,DH": pure equilibria of selfish seats without a contract. */
  readonly equilibria: readonly string[]
  /** Profiles of the greatest welfare. */
  readonly optima: readonly string[]
  /** Welfare of the optimum beyond that of both defecting. */
  readonly gap: Rational
  /** What is lost under the contract at the best pure equilibrium and at the symmetric mixed one. */
  readonly contractLoss: Rational
  readonly contractLossMixed: Rational
  /** Chance of high effort at the symmetric mixed equilibrium. */
  readonly highChance: Rational
  /** λ* with effort hidden, and of the 2×2 game itself. */
  readonly threshold: Rational | null
  readonly baseThreshold: Rational | null
}

/**
 * The figures of one game. Seats are selfish but for λ*.
 *
 * @param contract on base actions, given the stage that it is for; without it, C is forced.
 */
export function measureEffort(
  base: BaseGame,
  contract: (stage: StageGame) => Mechanism = () => forceBase(C),
): EffortFigures {
  const { params, scale } = splitEffort(base)
  const stages = stageGamesOf(params)
  const stage = onlyStage(stages)
  const inUnits = (payoff: Rational): Rational => multiply(payoff, rational(1, scale))
  const optimum = computeFirstBest(stage)
  const loss = (welfare: Rational): Rational =>
    inUnits(subtract(rational(optimum.welfare), welfare))

  const selfish = selfishUnder(NO_CONTRACT)
  const bound = selfishUnder(contract(stage))
  const best = findBestEquilibrium(stage, bound)
  const mixed = findSymmetricEquilibria(stage, bound).find(
    ({ chances }) => chances.filter(({ numerator }) => numerator > 0n).length > 1,
  )
  if (best === undefined || mixed === undefined) {
    throw new RangeError('the contract leaves a pure and a mixed equilibrium')
  }
  return {
    equilibria: findPureEquilibria(stage, selfish).map(formatProfile),
    optima: optimum.profiles.map(formatProfile),
    gap: loss(rational(welfareOf(stage, [DH, DH]))),
    contractLoss: loss(rational(best.welfare)),
    contractLossMixed: loss(multiply(rational(2), mixed.payoff)),
    highChance: mixed.chances[CH] ?? rational(0),
    threshold: computeLambdaThreshold(stages),
    baseThreshold: computeLambdaThreshold(stageGamesOf(baseMatrix(base).params)),
  }
}

/** "CH,CL". */
export function formatProfile(profile: Profile): string {
  return profile.map((action) => EFFORT_NAMES[action] ?? String(action)).join()
}

/** Two selfish seats under a contract. */
export function selfishUnder(mechanism: Mechanism): Setting {
  return { weights: [weight(0), weight(0)], mechanism }
}

/** The one round of a matrix game, which has no states. */
export function onlyStage(stages: readonly StageGame[]): StageGame {
  const [stage] = stages
  if (stage === undefined) throw new RangeError('a matrix game has one stage')
  return stage
}
