import {
  type GameLanguage,
  type GameParams,
  gameParamsSchema,
  type PayoffMatrix,
} from '@commonweal/protocol'
import type { BaseGame } from './published-games.ts'

/** The four actions of a game with hidden effort, by index; contracts see the first two as C and the last two as D. */
export const EFFORT_NAMES: readonly string[] = ['CH', 'CL', 'DH', 'DL']
/** Both make an effort. */
export const CH = 0
export const DH = 2
/** The base actions. */
export const C = 0
const D = 1

/** A game in whole numbers: its payoffs are those of the literature times `scale`. */
export interface ScaledGame {
  readonly params: GameParams
  readonly scale: number
}

export interface GameOptions {
  readonly language?: GameLanguage
  readonly rounds?: number
}

/**
 * Splits both actions of a 2×2 game into high and low effort.
 *
 * Formula with ε = (R − P)/6 and η = (R − P)/12, the row player's payoffs
 *
 *         |    | CH      | CL         | DH     | DL     |
 *         | CH | R − ε   | R − 2ε − η | S − ε  | S − ε  |
 *         | CL | R       | (R + P)/2  | S − 3ε | S − 3ε |
 *         | DH | T − ε   | T − ε      | P − ε  | P      |
 *         | DL | T − 2ε  | T − 2ε     | P − 2ε | P − 3ε |
 *
 *         times 12, divided by the greatest common divisor of all.
 */
export function splitEffort({ R, S, T, P }: BaseGame, options: GameOptions = {}): ScaledGame {
  const eta = R - P
  const epsilon = 2 * eta
  const [r, s, t, p] = [12 * R, 12 * S, 12 * T, 12 * P]
  const row = [
    [r - epsilon, r - 2 * epsilon - eta, s - epsilon, s - epsilon],
    [r, (r + p) / 2, s - 3 * epsilon, s - 3 * epsilon],
    [t - epsilon, t - epsilon, p - epsilon, p],
    [t - 2 * epsilon, t - 2 * epsilon, p - 2 * epsilon, p - 3 * epsilon],
  ]
  return scaleDown(row, [C, C, D, D], options)
}

/** The 2×2 game itself: nothing is hidden. */
export function baseMatrix({ R, S, T, P }: BaseGame, options: GameOptions = {}): ScaledGame {
  const row = [
    [R, S],
    [T, P],
  ]
  const params = matrixParams(row, [C, D], options)
  return { params, scale: 1 }
}

function scaleDown(row: PayoffMatrix, cells: readonly number[], options: GameOptions): ScaledGame {
  const divisor = row.flat().reduce(greatestCommonDivisor, 12)
  const params = matrixParams(
    row.map((line) => line.map((payoff) => payoff / divisor)),
    cells,
    options,
  )
  return { params, scale: 12 / divisor }
}

function matrixParams(
  row: PayoffMatrix,
  cells: readonly number[],
  options: GameOptions,
): GameParams {
  return gameParamsSchema.parse({
    ...options,
    game: { form: 'matrix', row, cells, matching: 'fixed' },
    unitMicro: 1_000_000,
  })
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : greatestCommonDivisor(b, a % b)
}
