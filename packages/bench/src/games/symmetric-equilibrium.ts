import { invariant } from '@commonweal/protocol'
import { computeValues, type Setting } from './equilibrium.ts'
import {
  add,
  compare,
  multiply,
  ONE,
  type Rational,
  rational,
  solve,
  sum,
  ZERO,
} from './rational.ts'
import type { StageGame } from './stage-game.ts'

/** A strategy that both seats of a symmetric game play. */
export interface MixedEquilibrium {
  /** By action. */
  readonly chances: readonly Rational[]
  /** Expected payoff of each seat, without charges. */
  readonly payoff: Rational
}

/**
 * All symmetric equilibria of a symmetric game of two seats, the pure ones included, by enumeration of supports, in exact arithmetic.
 *
 * A support on which the payoffs are degenerate has a continuum of them, or none, and is passed over.
 */
export function findSymmetricEquilibria(
  game: StageGame,
  setting: Setting,
): readonly MixedEquilibrium[] {
  invariant(game.seatCount === 2, 'a symmetric equilibrium here is one of two seats')
  const actions = Array.from({ length: game.actionCount }, (_, action) => action)
  const allowed = actions.filter((action) => setting.mechanism.allows(game, action))
  const values = actions.map((own) =>
    actions.map((other) => {
      const [value = 0] = computeValues(game, setting, [own, other])
      const [, mirrored] = computeValues(game, setting, [other, own])
      invariant(value === mirrored, 'both seats of a symmetric game stand alike')
      return rational(value)
    }),
  )
  const entry = (own: number, other: number): Rational => values[own]?.[other] ?? ZERO
  const found: MixedEquilibrium[] = []
  for (const support of subsetsOf(allowed)) {
    const mixed = mixOn(support, entry)
    if (mixed === undefined) continue
    const isBest = allowed.every(
      (action) => compare(replyTo(mixed, action, entry), mixed.value) <= 0,
    )
    if (!isBest) continue
    const chances = actions.map((action) => mixed.chances.get(action) ?? ZERO)
    found.push({ chances, payoff: expectedPayoff(game, chances) })
  }
  return found
}

interface Mix {
  readonly chances: ReadonlyMap<number, Rational>
  readonly value: Rational
}

/** Chances, all positive, that make every action of the support worth the same against themselves. */
function mixOn(
  support: readonly number[],
  entry: (own: number, other: number) => Rational,
): Mix | undefined {
  const indifference = support.map((own) => [
    ...support.map((other) => entry(own, other)),
    rational(-1),
  ])
  const total = [...support.map(() => ONE), ZERO]
  const solution = solve([...indifference, total], [...support.map(() => ZERO), ONE])
  if (solution === undefined) return undefined
  const chances = new Map(support.map((action, place) => [action, solution[place] ?? ZERO]))
  if ([...chances.values()].some((chance) => compare(chance, ZERO) <= 0)) return undefined
  return { chances, value: solution[support.length] ?? ZERO }
}

function replyTo(
  { chances }: Mix,
  own: number,
  entry: (own: number, other: number) => Rational,
): Rational {
  return sum([...chances].map(([other, chance]) => multiply(chance, entry(own, other))))
}

function expectedPayoff(game: StageGame, chances: readonly Rational[]): Rational {
  let expected = ZERO
  for (const profile of game.profiles) {
    const [own = 0, other = 0] = profile
    const chance = multiply(chances[own] ?? ZERO, chances[other] ?? ZERO)
    expected = add(expected, multiply(chance, rational(game.payoffs(profile)[0] ?? 0)))
  }
  return expected
}

function subsetsOf(items: readonly number[]): readonly (readonly number[])[] {
  const subsets = items.reduce<readonly (readonly number[])[]>(
    (before, item) => [...before, ...before.map((subset) => [...subset, item])],
    [[]],
  )
  return subsets.filter(({ length }) => length > 0)
}
