import { z } from 'zod'
import { amountSchema } from '../../schema/atoms.ts'

/** Largest capacity: rationing gives one unit at a time, so this bounds the work of a round. [COM-1] */
export const CAPACITY_MAX = 100_000
/** Most rounds of a run. [COM-1] */
export const ROUNDS_MAX = 1_000
/** Largest harvest request; it need not be ≤ stock. [COM-1] */
export const REQUEST_MAX = 1_000_000_000
/** Largest value of a unit to a seat, in percent: ten times the default. [COM-1] */
export const VALUE_PERCENT_MAX = 1_000
/** Most rates among which a round's rate is drawn. [COM-1] */
export const RATE_COUNT_MAX = 16
/** Seats that a subnet instance may have; also the length of lists that a law sees. */
export const SEAT_COUNT_MAX = 64

/**
 * How the stock renews itself. [COM-6]
 *
 * `deterministic`: one rate. `iid`: a rate drawn from the beacon after the harvest and never announced.
 * `private-signal`: the same, drawn from the signal, which agents see before they harvest and laws never.
 * `hysteresis`: healthy or degraded, by how much was taken of late.
 */
export type Regeneration =
  | { readonly mode: 'deterministic'; readonly ratePercent: number }
  | { readonly mode: 'iid' | 'private-signal'; readonly ratesPercent: readonly number[] }
  | HysteresisRegeneration

/**
 * M is the mean catch of the last `windowRounds` rounds. Healthy degrades if M ≥ `degradeAt` with the chance
 * min(1, `degradeChancePercent`/100 + (M − `degradeAt`)/`degradeScale`); degraded recovers if M < `recoverBelow` with
 * the chance `recoverChancePercent`/100.
 */
export interface HysteresisRegeneration {
  readonly mode: 'hysteresis'
  readonly healthyPercent: number
  readonly degradedPercent: number
  readonly windowRounds: number
  readonly degradeAt: number
  readonly degradeChancePercent: number
  readonly degradeScale: number
  readonly recoverBelow: number
  readonly recoverChancePercent: number
}

/** `full`: everything public. `stock-cap`: clauses at submission that name only `round` and `stock`. [COM-9] */
export type LanguageClass = 'full' | 'stock-cap'

/** Parameters of a commons. Units of the resource are whole; rates and values are percent. */
export interface CommonsParams {
  readonly capacity: number
  readonly rounds: number
  /** The run ends when less than this is left after a harvest. */
  readonly collapseBelow: number
  readonly regeneration: Regeneration
  readonly language: LanguageClass
  /** What a unit is worth to each seat, 100 = 1; seats beyond the list have 100. */
  readonly valuesPercent: readonly number[]
  /** What a unit of value 1 is worth in tokens: sizes the seal bond, moves no money. */
  readonly unitMicro: bigint
}

const ratePercentSchema = z.int().min(100).max(10_000)
const ratesSchema = z.array(ratePercentSchema).min(1).max(RATE_COUNT_MAX).default([150, 250])

const regenerationSchema: z.ZodType<Regeneration, unknown> = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('deterministic'), ratePercent: ratePercentSchema.default(200) }),
  z.strictObject({ mode: z.literal('iid'), ratesPercent: ratesSchema }),
  z.strictObject({ mode: z.literal('private-signal'), ratesPercent: ratesSchema }),
  z.strictObject({
    mode: z.literal('hysteresis'),
    healthyPercent: ratePercentSchema.default(200),
    degradedPercent: ratePercentSchema.default(150),
    windowRounds: z.int().min(1).max(16).default(3),
    degradeAt: z.int().min(0).max(CAPACITY_MAX).default(50),
    degradeChancePercent: z.int().min(0).max(100).default(30),
    degradeScale: z.int().min(1).max(CAPACITY_MAX).default(50),
    recoverBelow: z.int().min(0).max(CAPACITY_MAX).default(30),
    recoverChancePercent: z.int().min(0).max(100).default(15),
  }),
])

/** [COM-1] Defaults are those of the published fishery. */
export const commonsParamsSchema: z.ZodType<CommonsParams, unknown> = z
  .strictObject({
    capacity: z.int().min(1).max(CAPACITY_MAX).default(100),
    rounds: z.int().min(1).max(ROUNDS_MAX).default(12),
    collapseBelow: z.int().min(1).max(CAPACITY_MAX).default(5),
    regeneration: regenerationSchema.default({ mode: 'deterministic', ratePercent: 200 }),
    language: z.enum(['full', 'stock-cap']).default('full'),
    valuesPercent: z.array(z.int().min(1).max(VALUE_PERCENT_MAX)).max(SEAT_COUNT_MAX).default([]),
    unitMicro: amountSchema.default(100_000n),
  })
  .refine((params) => params.collapseBelow <= params.capacity, 'collapse is at most the capacity')
  .refine((params) => params.unitMicro <= 10n ** 12n, 'unitMicro is at most a million tokens')

/** What a unit of the resource is worth to a seat, in percent. [COM-2] */
export function valuePercentOf(params: CommonsParams, seat: number): number {
  return params.valuesPercent[seat] ?? 100
}
