import { formatProfile, onlyStage, selfishUnder } from './effort-figures.ts'
import { findPureEquilibria, type Setting, weight } from './equilibrium.ts'
import { baseMatrix, C, splitEffort } from './hidden-effort.ts'
import { enact, fineLaw, forceBase, joinLaws, NO_CONTRACT } from './mechanism.ts'
import { canonicalGame } from './published-games.ts'
import { format, multiply, rational } from './rational.ts'
import { computeFirstBest, type StageGame, stageGamesOf, welfareOf } from './stage-game.ts'
import { findSymmetricEquilibria } from './symmetric-equilibrium.ts'

/** One setting of the canonical game, and what comes of it. */
export interface CanonicalRow {
  readonly setting: string
  /** All pure equilibria: "CH,CL → 7,12". The mixed one by its payoff: "mixed → 8,8". */
  readonly equilibria: readonly string[]
  /** Of the best of them. */
  readonly welfare: string
  /** What is missing to the first best. */
  readonly gap: string
}

/** Of 9 payoff units: more than any seat gains by defecting from cooperation. */
const DEFECTION_FINE = '9000000'

/** The settings of the canonical game (12, −6, 20, 0). */
export function measureCanonical(): readonly CanonicalRow[] {
  const stage = onlyStage(stageGamesOf(splitEffort(canonicalGame).params))
  const forced = forceBase(C)
  const weighted = (row: number, column: number, mechanism = NO_CONTRACT): Setting => ({
    weights: [weight(row), weight(column)],
    mechanism,
  })
  return [
    pureRow('no contract, λ = 0', stage, selfishUnder(NO_CONTRACT)),
    pureRow('contract on base actions, λ = 0', stage, selfishUnder(forced)),
    mixedRow('the same, symmetric mixed', stage, selfishUnder(forced)),
    pureRow('no contract, λ = 1', stage, weighted(1, 1)),
    pureRow('no contract, λ = 3', stage, weighted(3, 3)),
    pureRow('contract on base actions, λ = 3', stage, weighted(3, 3, forced)),
    pureRow('no contract, λ = 0 and 3', stage, weighted(0, 3)),
    pureRow('contract on base actions, λ = 0 and 3', stage, weighted(0, 3, forced)),
    ...measureControls(),
  ]
}

/** Contracts outside the class, and a game that has no hidden effort: the gap closes. */
function measureControls(): readonly CanonicalRow[] {
  const full = stageGamesOf(splitEffort(canonicalGame, { language: 'full' }).params)
  const split = onlyStage(full)
  const plain = stageGamesOf(baseMatrix(canonicalGame, { language: 'own-action' }).params)
  const noDefection = fineLaw('base == 1', DEFECTION_FINE)
  const effort = joinLaws(noDefection, fineLaw('actions[self] % 2 == 1', '3000000'))
  const outcome = joinLaws(noDefection, fineLaw('sum(payoffs) < 20', '3000000', 'settlement'))
  const seen = (stages: readonly StageGame[], law: typeof effort, name: string): Setting =>
    selfishUnder(enact(stages, law, name))
  return [
    pureRow('effort observable, λ = 0', split, seen(full, effort, 'a fine of 3 on low effort')),
    pureRow('outcome observable, λ = 0', split, seen(full, outcome, 'a fine of 3 below 20')),
    pureRow('2×2 game, λ = 0', onlyStage(plain), seen(plain, noDefection, 'a fine on defection')),
  ]
}

function pureRow(name: string, stage: StageGame, setting: Setting): CanonicalRow {
  const profiles = findPureEquilibria(stage, setting)
  const welfare = Math.max(...profiles.map((profile) => welfareOf(stage, profile)))
  return {
    setting: name,
    equilibria: profiles.map(
      (profile) => `${describeProfile(stage, profile)} → ${stage.payoffs(profile).join()}`,
    ),
    welfare: String(welfare),
    gap: String(computeFirstBest(stage).welfare - welfare),
  }
}

function mixedRow(name: string, stage: StageGame, setting: Setting): CanonicalRow {
  const mixed = findSymmetricEquilibria(stage, setting).filter(({ chances }) =>
    chances.every(({ denominator, numerator }) => numerator < denominator),
  )
  const welfares = mixed.map(({ payoff }) => multiply(rational(2), payoff))
  const [welfare = rational(0)] = welfares
  const missing = rational(
    BigInt(computeFirstBest(stage).welfare) * welfare.denominator - welfare.numerator,
    welfare.denominator,
  )
  return {
    setting: name,
    equilibria: mixed.map(({ payoff }) => `mixed → ${format(payoff)},${format(payoff)}`),
    welfare: format(welfare),
    gap: format(missing),
  }
}

/** Actions of the 2×2 game are C and D. */
function describeProfile(stage: StageGame, profile: readonly number[]): string {
  if (stage.actionCount === 4) return formatProfile(profile)
  return profile.map((action) => (action === C ? 'C' : 'D')).join()
}
