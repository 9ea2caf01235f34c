/** A symmetric 2×2 game: reward, sucker's payoff, temptation, punishment. */
export interface BaseGame {
  readonly family: 'prisoners-dilemma' | 'stag-hunt'
  readonly R: number
  readonly S: number
  readonly T: number
  readonly P: number
}

type Entry = readonly [R: number, S: number, T: number, P: number]

// The games of arXiv 2605.08426; five of the dilemmas occur more than once there, so 54 are distinct.
const PRISONERS_DILEMMAS: readonly Entry[] = [
  [5, -5, 9, 0],
  [3, -4, 6, -1],
  [6, -3, 9, 1],
  [6, -3, 9, 1],
  [4, -7, 8, -3],
  [5, -5, 8, -2],
  [5, -5, 8, -2],
  [5, -6, 9, 0],
  [5, -6, 9, 0],
  [5, -2, 8, 0],
  [4, -3, 7, 0],
  [6, -4, 9, 0],
  [5, -7, 8, -2],
  [5, -5, 8, 0],
  [4, -4, 6, -1],
  [5, -9, 8, -3],
  [5, -4, 8, 0],
  [5, -4, 8, 0],
  [5, -4, 8, 0],
  [4, -7, 7, -2],
  [5, -6, 8, -3],
  [5, -6, 8, -3],
  [5, -8, 8, -2],
  [5, -8, 8, -3],
  [7, 1, 9, 3],
  [5, -2, 8, 1],
  [6, 0, 9, 2],
  [5, -6, 8, -2],
  [4, -6, 7, -2],
  [6, 1, 9, 4],
]

const STAG_HUNTS: readonly Entry[] = [
  [15, 3, 12, 4],
  [20, 1, 14, 3],
  [25, 8, 21, 10],
  [24, 16, 22, 17],
  [24, 2, 17, 3],
  [24, 0, 16, 1],
  [16, 4, 13, 5],
  [21, 2, 16, 3],
  [15, 3, 11, 4],
  [25, 3, 20, 6],
  [25, 5, 18, 6],
  [19, 3, 14, 4],
  [25, 1, 18, 3],
  [22, 2, 16, 3],
  [25, 9, 21, 10],
  [19, 0, 12, 1],
  [21, 2, 15, 3],
  [23, 4, 16, 5],
  [23, 5, 18, 6],
  [18, 0, 13, 2],
  [21, 3, 16, 4],
  [18, 1, 12, 2],
  [25, 7, 20, 9],
  [24, 4, 17, 5],
  [23, 7, 17, 8],
  [25, 9, 21, 11],
  [13, 1, 10, 2],
  [19, 1, 13, 2],
  [22, 0, 15, 1],
  [22, 9, 19, 11],
]

/** The published games: 30 prisoner's dilemmas, then 30 stag hunts. */
export const publishedGames: readonly BaseGame[] = [
  ...PRISONERS_DILEMMAS.map((entry) => baseGame('prisoners-dilemma', entry)),
  ...STAG_HUNTS.map((entry) => baseGame('stag-hunt', entry)),
]

/** The instance whose figures are whole numbers. */
export const canonicalGame: BaseGame = baseGame('prisoners-dilemma', [12, -6, 20, 0])

function baseGame(family: BaseGame['family'], [R, S, T, P]: Entry): BaseGame {
  return { family, R, S, T, P }
}
