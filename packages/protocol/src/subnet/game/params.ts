import { z } from 'zod'
import { amountSchema } from '../../schema/atoms.ts'

/** Most actions of a seat. [GAM-1] */
export const ACTION_COUNT_MAX = 16
/** Largest payoff, cost or benefit, either way. [GAM-1] */
export const PAYOFF_MAX = 1_000_000
/** Most rounds of a run. [GAM-1] */
export const GAME_ROUNDS_MAX = 1_000

/** What the row player, or the column player, gets: `[action of the row player][action of the column player]`. */
export type PayoffMatrix = readonly (readonly number[])[]

/**
 * Seats meet in pairs and each pair plays a matrix game. [GAM-2]
 *
 * `cells` is the partition of actions: `[0, 0, 1, 1]` says that contracts take the first two actions for one base action and
 * the last two for another. What differs within a cell is hidden effort.
 */
export interface MatrixGame {
  readonly form: 'matrix'
  readonly row: PayoffMatrix
  /** Null where the game is symmetric: `column[a][b] = row[b][a]`. */
  readonly column: PayoffMatrix | null
  /** The base action of each action; null where each action is its own. */
  readonly cells: readonly number[] | null
  /** `beacon`: new pairs in every round, drawn after the actions. `fixed`: seats 0 and 1, 2 and 3, … */
  readonly matching: 'beacon' | 'fixed'
}

/**
 * All seats play one game in a state, 1 or 0, that they see and contracts do not. Action 1 costs its seat `costs[state]`; in
 * state 1 it brings each other seat `benefit`, in state 0 it takes `harm` from each. [GAM-3]
 */
export interface HiddenStateGame {
  readonly form: 'hidden-state'
  /** Of state 1. */
  readonly chancePercent: number
  readonly costs: readonly [inState0: number, inState1: number]
  readonly benefit: number
  readonly harm: number
}

/**
 * `own-action`: a charge on a seat depends on its own base action alone. `base-actions`: any rule on the base actions of all.
 * `full`: everything that was observable to anybody. [GAM-8]
 */
export type GameLanguage = 'own-action' | 'base-actions' | 'full'

/** Parameters of a game. Payoffs are whole numbers. */
export interface GameParams {
  readonly game: MatrixGame | HiddenStateGame
  readonly rounds: number
  /** What an absent seat does. */
  readonly defaultAction: number
  readonly language: GameLanguage
  /** What a payoff of 1 is worth in micro-tokens: sizes the seal bond and fines, moves no money. */
  readonly unitMicro: bigint
}

const payoffSchema = z.int().min(-PAYOFF_MAX).max(PAYOFF_MAX)
const amountOfPayoff = z.int().min(0).max(PAYOFF_MAX)
const matrixSchema = z
  .array(z.array(payoffSchema).min(2).max(ACTION_COUNT_MAX))
  .min(2)
  .max(ACTION_COUNT_MAX)

const matrixGameSchema = z
  .strictObject({
    form: z.literal('matrix'),
    row: matrixSchema,
    column: matrixSchema.nullable().default(null),
    cells: z
      .array(
        z
          .int()
          .min(0)
          .max(ACTION_COUNT_MAX - 1),
      )
      .nullable()
      .default(null),
    matching: z.enum(['beacon', 'fixed']).default('beacon'),
  })
  .refine(({ row }) => isSquare(row, row.length), 'as many columns as rows')
  .refine(
    ({ row, column }) => column === null || isSquare(column, row.length),
    'both matrices have one size',
  )
  .refine(
    ({ row, cells }) => cells === null || cells.length === row.length,
    'a cell for each action',
  )

const hiddenStateSchema = z.strictObject({
  form: z.literal('hidden-state'),
  chancePercent: z.int().min(0).max(100).default(50),
  costs: z.tuple([payoffSchema, payoffSchema]).default([1, 2]),
  benefit: amountOfPayoff.default(5),
  harm: amountOfPayoff.default(0),
})

/** [GAM-1] */
export const gameParamsSchema: z.ZodType<GameParams, unknown> = z
  .strictObject({
    game: z.discriminatedUnion('form', [matrixGameSchema, hiddenStateSchema]),
    rounds: z.int().min(1).max(GAME_ROUNDS_MAX).default(1),
    defaultAction: z.int().min(0).default(0),
    language: z.enum(['own-action', 'base-actions', 'full']).default('full'),
    unitMicro: amountSchema.default(100_000n),
  })
  .refine(
    (params) => params.defaultAction < actionCountOf(params),
    'the default action is an action',
  )
  .refine((params) => params.unitMicro <= 10n ** 12n, 'unitMicro is at most a million tokens')

/** How many actions each seat has. */
export function actionCountOf({ game }: Pick<GameParams, 'game'>): number {
  return game.form === 'matrix' ? game.row.length : 2
}

/** The base action that contracts take an action for. [GAM-2] */
export function baseOf({ game }: Pick<GameParams, 'game'>, action: number): number {
  if (game.form === 'hidden-state') return action
  return game.cells?.[action] ?? action
}

function isSquare(matrix: PayoffMatrix, size: number): boolean {
  return matrix.length === size && matrix.every((line) => line.length === size)
}
