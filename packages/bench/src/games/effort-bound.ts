import { type StageGame, welfareOf } from './stage-game.ts'

/** Chances are whole parts of this. */
const PARTS = 24

/**
 * The greatest welfare of two selfish seats, mixed strategies included, under any contract that sees base actions alone.
 *
 * Such a contract charges both actions of a cell alike, so whatever it says, a seat plays an action only if no other of its cell
 * pays more against what the other seat does. All pairs of strategies on a grid of chances that obey this are tried; every
 * equilibrium on the grid under every contract of the class is among them.
 *
 * Shape   two seats, a symmetric game, four actions.
 * Result  exact on the grid, in payoff units.
 */
export function computeEffortBound(stage: StageGame): number {
  const actions = Array.from({ length: stage.actionCount }, (_, action) => action)
  const own = actions.map((row) => actions.map((column) => stage.payoffs([row, column])[0] ?? 0))
  const welfare = actions.map((row) => actions.map((column) => welfareOf(stage, [row, column])))
  const rivals = actions.map((action) =>
    actions.filter((other) => other !== action && stage.base(other) === stage.base(action)),
  )
  const strategies = listStrategies(stage.actionCount, PARTS).map((chances) => ({
    chances,
    /** What each action brings against these chances. */
    replies: own.map((line) => dot(line, chances)),
  }))
  const obeys = (chances: readonly number[], replies: readonly number[]): boolean =>
    chances.every(
      (chance, action) =>
        chance === 0 ||
        (rivals[action] ?? []).every((rival) => (replies[rival] ?? 0) <= (replies[action] ?? 0)),
    )

  let best = Number.NEGATIVE_INFINITY
  for (const [index, first] of strategies.entries()) {
    for (let place = index; place < strategies.length; place++) {
      const second = strategies[place]
      if (second === undefined) break
      if (!obeys(first.chances, second.replies) || !obeys(second.chances, first.replies)) continue
      const expected = dot(
        first.chances,
        welfare.map((line) => dot(line, second.chances)),
      )
      if (expected > best) best = expected
    }
  }
  return best / PARTS ** 2
}

function listStrategies(actionCount: number, parts: number): readonly (readonly number[])[] {
  if (actionCount === 1) return [[parts]]
  return Array.from({ length: parts + 1 }, (_, part) => part).flatMap((part) =>
    listStrategies(actionCount - 1, parts - part).map((rest) => [part, ...rest]),
  )
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0)
  return sum
}
