import { invariant, present } from '@commonweal/protocol'
import type { Mechanism } from './mechanism.ts'
import { add, type Rational, rational, ZERO } from './rational.ts'
import { type Profile, type StageGame, welfareOf } from './stage-game.ts'

/** A prosocial weight λ as a quotient of whole numbers; 1/0 is ∞. */
export interface Weight {
  readonly numerator: number
  readonly denominator: number
}

export function weight(numerator: number, denominator = 1): Weight {
  return { numerator, denominator }
}

/** What seats play with: λ of each, and the contract. */
export interface Setting {
  readonly weights: readonly Weight[]
  readonly mechanism: Mechanism
}

/**
 * V_i = u_i + λ_i·W for each seat, less what the contract charges it, times the denominator of λ_i and in micro-tokens: whole
 * numbers, so that best replies are exact.
 */
export function computeValues(
  game: StageGame,
  { weights, mechanism }: Setting,
  profile: Profile,
): readonly number[] {
  const unitMicro = Number(game.params.unitMicro)
  const charges = mechanism.chargesMicro(game, profile)
  const payoffs = game.payoffs(profile)
  const welfareMicro = welfareOf(game, profile) * unitMicro
  return payoffs.map((payoff, seat) => {
    const { numerator, denominator } = present(weights[seat], 'every seat has a weight')
    const ownMicro = payoff * unitMicro - (charges[seat] ?? 0)
    const value = denominator * ownMicro + numerator * welfareMicro
    invariant(Number.isSafeInteger(value), 'values are whole numbers below 2^53')
    return value
  })
}

/** All profiles in which nobody gains by another action, by best reply. */
export function findPureEquilibria(game: StageGame, setting: Setting): readonly Profile[] {
  const { mechanism } = setting
  const actions = Array.from({ length: game.actionCount }, (_, action) => action).filter((action) =>
    mechanism.allows(game, action),
  )
  const values = new Map<string, readonly number[]>()
  const valueOf = (profile: Profile, seat: number): number => {
    const key = profile.join()
    const known = values.get(key) ?? computeValues(game, setting, profile)
    values.set(key, known)
    return known[seat] ?? 0
  }
  return game.profiles.filter((profile) =>
    profile.every((own, seat) => {
      if (!actions.includes(own)) return false
      const value = valueOf(profile, seat)
      return actions.every((other) => valueOf(profile.with(seat, other), seat) <= value)
    }),
  )
}

/** The profile of an equilibrium with the greatest welfare; undefined where there is no pure one. */
export function findBestEquilibrium(
  game: StageGame,
  setting: Setting,
): { readonly profile: Profile; readonly welfare: number } | undefined {
  return findPureEquilibria(game, setting)
    .map((profile) => ({ profile, welfare: welfareOf(game, profile) }))
    .toSorted((a, b) => b.welfare - a.welfare)[0]
}

/** Expected welfare over the states of a game, each at its best equilibrium; undefined where a state has no pure one. */
export function computeBestWelfare(
  stages: readonly StageGame[],
  setting: Setting,
): Rational | undefined {
  let expected = ZERO
  for (const stage of stages) {
    const best = findBestEquilibrium(stage, setting)
    if (best === undefined) return undefined
    expected = add(expected, rational(best.welfare * stage.chancePercent, 100))
  }
  return expected
}
