import { type CommonsParams, commonsParamsSchema, type Regeneration } from '@commonweal/protocol'
import { z } from 'zod'
import { canonicalGame, publishedGames } from '../games/published-games.ts'
import { strictFields } from './strict-fields.ts'

/** What is played. */
export type Scenario = CommonsScenario | GameScenario | ForecastScenario

/** A renewable resource. spec/commons.md */
export interface CommonsScenario {
  readonly kind: 'commons'
  readonly rounds: number
  readonly capacity: number
  readonly collapseBelow: number
  readonly regeneration: Regeneration
  /** What a unit is worth to each seat: drawn by seed, equal, or in percent. */
  readonly values: 'seeded' | 'equal' | readonly number[]
  readonly binding: 'members' | 'signers'
  /** Signatures that form an agreement; null is ⌈4n/5⌉. */
  readonly quorum: number | null
  /** Turns of a negotiation; null is 10, or 2n where that is more. */
  readonly turns: number | null
}

/** A game of given payoffs, played again and again. spec/game.md */
export interface GameScenario {
  readonly kind: 'game'
  readonly game: GameForm
  readonly rounds: number
  readonly matching: 'beacon' | 'fixed'
  /** Whether to estimate the weight that play reveals: some seconds for each game. */
  readonly revealed: boolean
}

export type GameForm =
  /** A 2×2 game whose actions are split into high and low effort, or as it is. */
  | { readonly form: 'effort' | 'base'; readonly base: BaseName | BasePayoffs }
  | {
      readonly form: 'matrix'
      readonly row: readonly (readonly number[])[]
      readonly column: readonly (readonly number[])[] | null
      readonly cells: readonly number[] | null
    }
  | {
      readonly form: 'hidden-state'
      readonly chancePercent: number
      readonly costs: readonly [inState0: number, inState1: number]
      readonly benefit: number
      readonly harm: number
    }

/** `canonical`, or a published game by its place: `published-1` … `published-60`. */
export type BaseName = string

export interface BasePayoffs {
  readonly R: number
  readonly S: number
  readonly T: number
  readonly P: number
}

/** A market of forecasts. spec/forecast.md */
export interface ForecastScenario {
  readonly kind: 'forecast'
  /** `weather`: a chain of agents over real days · `credit`: a buyer and nine sellers in a world of coins. */
  readonly market: 'weather' | 'credit'
  /** Days that are asked about, or questions of the credit market. */
  readonly questions: number
  /** First day of `weather`; null draws a window of the series by the seed. */
  readonly first: string | null
  /** `weather`: thirteen agents, or six in a chain as deep. */
  readonly chain: 'whole' | 'short'
  /** `weather`: whether suppliers serve also those that pay nothing. */
  readonly servesAll: boolean
  /** `credit`: how the buyer divides what it pays. */
  readonly method:
    | 'aumann-shapley'
    | 'leave-one-out'
    | 'monte-carlo-shapley'
    | 'commit-order'
    | 'equal'
}

const commonsDefaults: CommonsParams = commonsParamsSchema.parse({})

/** A mode by name stands for the mode with its published rates. */
const regenerationSchema: z.ZodType<Regeneration, unknown> = z
  .preprocess((value) => (typeof value === 'string' ? { mode: value } : value), z.unknown())
  .transform((regeneration, context): Regeneration => {
    const checked = commonsParamsSchema.safeParse({ regeneration })
    if (checked.success) return checked.data.regeneration
    for (const { path, message, ...issue } of checked.error.issues) {
      const isMode = issue.code === 'invalid_union'
      context.addIssue({
        code: 'custom',
        path: path.slice(1),
        message: isMode
          ? 'accepted: deterministic, iid, private-signal, hysteresis, or a mode with its rates'
          : message,
      })
    }
    return z.NEVER
  })

const commonsSchema = strictFields({
  kind: z.literal('commons'),
  rounds: z.int().min(1).max(1_000).default(commonsDefaults.rounds),
  capacity: z.int().min(1).max(100_000).default(commonsDefaults.capacity),
  collapseBelow: z.int().min(1).max(100_000).default(commonsDefaults.collapseBelow),
  regeneration: regenerationSchema.default(commonsDefaults.regeneration),
  values: z
    .union([z.enum(['seeded', 'equal']), z.array(z.int().min(1).max(1_000)).min(1).max(64)], {
      error: 'accepted: equal, seeded, or a list of percents from 1 to 1000, one for each seat',
    })
    .default('equal'),
  binding: z.enum(['members', 'signers']).default('members'),
  quorum: z.int().min(1).max(64).nullable().default(null),
  turns: z.int().min(1).max(64).nullable().default(null),
}).refine(({ collapseBelow, capacity }) => collapseBelow <= capacity, {
  path: ['collapseBelow'],
  error: 'accepted: at most the capacity',
})

const payoff = z.int().min(-1_000_000).max(1_000_000)
const baseForms = `accepted: canonical, published-1 … published-${publishedGames.length}, or {R, S, T, P}`
const base = z.union(
  [
    z.string().refine((name) => findBase(name) !== undefined, baseForms),
    strictFields({ R: payoff, S: payoff, T: payoff, P: payoff }),
  ],
  { error: baseForms },
)
const matrix = z.array(z.array(payoff).min(2).max(16)).min(2).max(16)

const gameFormSchema = z.discriminatedUnion('form', [
  strictFields({ form: z.enum(['effort', 'base']), base: base.default('canonical') }),
  strictFields({
    form: z.literal('matrix'),
    row: matrix,
    column: matrix.nullable().default(null),
    cells: z.array(z.int().min(0).max(15)).nullable().default(null),
  }),
  strictFields({
    form: z.literal('hidden-state'),
    chancePercent: z.int().min(0).max(100).default(50),
    costs: z.tuple([payoff, payoff]).default([1, 2]),
    benefit: z.int().min(0).max(1_000_000).default(5),
    harm: z.int().min(0).max(1_000_000).default(0),
  }),
])

const gameSchema = strictFields({
  kind: z.literal('game'),
  game: gameFormSchema.default({ form: 'effort', base: 'canonical' }),
  rounds: z.int().min(1).max(1_000).default(12),
  matching: z.enum(['beacon', 'fixed']).default('beacon'),
  revealed: z.boolean().default(false),
})

const forecastSchema = strictFields({
  kind: z.literal('forecast'),
  market: z.enum(['weather', 'credit']).default('weather'),
  questions: z.int().min(1).max(10_000).default(30),
  first: z.iso.date().nullable().default(null),
  chain: z.enum(['whole', 'short']).default('whole'),
  servesAll: z.boolean().default(false),
  method: z
    .enum(['aumann-shapley', 'leave-one-out', 'monte-carlo-shapley', 'commit-order', 'equal'])
    .default('aumann-shapley'),
})

export const scenarioSchema: z.ZodType<Scenario, unknown> = z.preprocess(
  withKind,
  z.discriminatedUnion('kind', [commonsSchema, gameSchema, forecastSchema]),
)

/** Whoever names no kind means a commons. */
function withKind(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'kind' in value) return value
  return { kind: 'commons', ...value }
}

/** The 2×2 game of a name. */
export function findBase(name: BaseName): BasePayoffs | undefined {
  if (name === 'canonical') return canonicalGame
  const [, place] = /^published-(\d{1,2})$/.exec(name) ?? []
  return place === undefined ? undefined : publishedGames[Number(place) - 1]
}
