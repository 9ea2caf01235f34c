import {
  actionCountOf,
  baseOf,
  computePairPayoffs,
  computeStatePayoffs,
  type GameParams,
  present,
} from '@commonweal/protocol'

/** What each seat does, by seat. */
export type Profile = readonly number[]

/** One round of a game with its state, if it has one, known: what seats choose between and what it brings them. */
export interface StageGame {
  readonly params: GameParams
  readonly seatCount: number
  readonly actionCount: number
  /** The state of the round; null in a matrix game. */
  readonly state: number | null
  /** Probability of that state, in percent. */
  readonly chancePercent: number
  /** All profiles, the last seat's action changing fastest. */
  readonly profiles: readonly Profile[]
  payoffs(profile: Profile): readonly number[]
  base(action: number): number
}

/**
 * The rounds that a game may have: one for each possible state. A matrix game is that of two seats.
 *
 * @param seatCount of a game with a hidden state; the profiles are 2^seatCount.
 */
export function stageGamesOf(params: GameParams, seatCount = 2): readonly StageGame[] {
  const { game } = params
  if (game.form === 'matrix') {
    return [
      createStageGame(params, 2, null, 100, ([row, column]) =>
        computePairPayoffs(game, present(row, 'two seats act'), present(column, 'two seats act')),
      ),
    ]
  }
  return [0, 1].flatMap((state) => {
    const chancePercent = state === 1 ? game.chancePercent : 100 - game.chancePercent
    if (chancePercent === 0) return []
    const payoffs = (profile: Profile): readonly number[] =>
      computeStatePayoffs(game, profile, state)
    return [createStageGame(params, seatCount, state, chancePercent, payoffs)]
  })
}

export function welfareOf(game: StageGame, profile: Profile): number {
  return game.payoffs(profile).reduce((sum, payoff) => sum + payoff, 0)
}

/** The greatest welfare of all profiles, and where it is reached. */
export function computeFirstBest(game: StageGame): {
  readonly welfare: number
  readonly profiles: readonly Profile[]
} {
  const welfare = Math.max(...game.profiles.map((profile) => welfareOf(game, profile)))
  return { welfare, profiles: game.profiles.filter((one) => welfareOf(game, one) === welfare) }
}

function createStageGame(
  params: GameParams,
  seatCount: number,
  state: number | null,
  chancePercent: number,
  payoffs: StageGame['payoffs'],
): StageGame {
  const actionCount = actionCountOf(params)
  const profiles = listProfiles(seatCount, actionCount)
  const table = new Map(profiles.map((profile) => [profile.join(), payoffs(profile)]))
  return {
    params,
    seatCount,
    actionCount,
    state,
    chancePercent,
    profiles,
    payoffs: (profile) => present(table.get(profile.join()), 'a profile has its payoffs'),
    base: (action) => baseOf(params, action),
  }
}

function listProfiles(seatCount: number, actionCount: number): readonly Profile[] {
  if (seatCount === 0) return [[]]
  return listProfiles(seatCount - 1, actionCount).flatMap((before) =>
    Array.from({ length: actionCount }, (_, action) => [...before, action]),
  )
}
