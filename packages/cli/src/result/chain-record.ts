import { type CommonsRow, type Law, lawSchema, type Terms } from '@commonweal/protocol'
import { z } from 'zod'

/*
 * What a node tells of its chain, as JSON: an amount is a decimal text (or a number, where it is small), an id a text.
 * Kinds and fields that this version does not know are passed over.
 */

const amount = z.union([z.int(), z.bigint(), z.string().regex(/^-?\d+$/)]).transform(BigInt)
const natural = z.int().nonnegative()
const id = z.string().min(1)

export const rowSchema: z.ZodType<CommonsRow, unknown> = z.object({
  round: natural,
  stockBefore: natural,
  requests: z.array(natural),
  enforced: z.array(natural),
  absent: z.array(z.boolean()),
  catches: z.array(natural),
  catchTotal: natural,
  stockLeft: natural,
  ratePercent: natural,
  stockAfter: natural,
  regime: z.enum(['healthy', 'degraded']),
  status: z.enum(['open', 'collapsed', 'finished']),
})

/** Terms as far as they are shown. */
export interface ShownTerms {
  readonly parties: readonly string[]
  readonly rounds: readonly [from: number, to: number]
  readonly mode: Terms['mode']
  readonly text: string
  readonly law: Law | null
}

export const shownTermsSchema: z.ZodType<ShownTerms, unknown> = z.object({
  parties: z.array(id),
  rounds: z.tuple([natural, natural]),
  mode: z.enum(['none', 'text', 'law']),
  text: z.string(),
  law: lawSchema.nullable(),
})

/** What a law did to a seat, as far as it is counted. */
export type ShownEnforcement = { readonly seat: number } & (
  | {
      readonly kind: 'action' | 'equal-treatment'
      readonly before: bigint
      readonly after: bigint
    }
  | {
      readonly kind: 'payment'
      readonly effect: string
      readonly to: number | null
      readonly takenMicro: bigint
    }
  | { readonly kind: 'payout'; readonly paidMicro: bigint }
  | { readonly kind: 'shortfall'; readonly missingMicro: bigint }
  | { readonly kind: 'law-fault' }
)

const enforcementSchema: z.ZodType<ShownEnforcement, unknown> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['action', 'equal-treatment']),
    seat: natural,
    before: amount,
    after: amount,
  }),
  z.object({
    kind: z.literal('payment'),
    seat: natural,
    effect: z.string(),
    to: natural.nullable(),
    takenMicro: amount,
  }),
  z.object({ kind: z.literal('payout'), seat: natural, paidMicro: amount }),
  z.object({ kind: z.literal('shortfall'), seat: natural, missingMicro: amount }),
  z.object({ kind: z.literal('law-fault'), seat: natural }),
])

/** An event of the chain, as far as the command line knows it. */
export type ShownEvent =
  | {
      readonly kind: 'phase'
      readonly epoch: number
      readonly phase: string
      readonly height: number
    }
  | {
      readonly kind: 'agreement-formed'
      readonly id: string
      readonly terms: ShownTerms
      readonly signers: readonly string[]
    }
  | { readonly kind: 'agreement-ended'; readonly id: string; readonly why: string }
  | {
      readonly kind: 'round-settled'
      readonly subnet: string
      readonly epoch: number
      readonly run: number
      readonly row: CommonsRow
      readonly laws: readonly {
        readonly id: string
        readonly records: readonly ShownEnforcement[]
      }[]
    }
  | {
      readonly kind: 'run-started'
      readonly subnet: string
      readonly run: number
      readonly seats: readonly string[]
    }
  | { readonly kind: 'run-ended'; readonly subnet: string; readonly run: number }
  | {
      readonly kind: 'sits-out'
      readonly subnet: string
      readonly agent: string
      readonly code: string
    }
  | {
      readonly kind: 'slashed'
      readonly agent: string
      readonly offence: string
      readonly amountMicro: bigint
    }

const eventSchema: z.ZodType<ShownEvent, unknown> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('phase'), epoch: natural, phase: z.string(), height: natural }),
  z.object({
    kind: z.literal('agreement-formed'),
    id,
    terms: shownTermsSchema,
    signers: z.array(id),
  }),
  z.object({ kind: z.literal('agreement-ended'), id, why: z.string() }),
  z.object({
    kind: z.literal('round-settled'),
    subnet: id,
    epoch: natural,
    run: natural,
    row: rowSchema,
    laws: z.array(z.object({ id, records: z.array(enforcementSchema) })),
  }),
  z.object({ kind: z.literal('run-started'), subnet: id, run: natural, seats: z.array(id) }),
  z.object({ kind: z.literal('run-ended'), subnet: id, run: natural }),
  z.object({ kind: z.literal('sits-out'), subnet: id, agent: id, code: z.string() }),
  z.object({ kind: z.literal('slashed'), agent: id, offence: z.string(), amountMicro: amount }),
])

/** A turn of a negotiation that a node heard. */
export interface HeardTurn {
  readonly subnet: string
  readonly conversation: string
  /** The epoch whose round the contract is for. */
  readonly target: number
  readonly turn: {
    readonly turn: number
    readonly seat: number
    readonly move: 'propose' | 'accept' | 'reject' | 'pass' | 'silent'
    readonly terms: ShownTerms | null
    readonly text: string
  }
}

const heardSchema: z.ZodType<HeardTurn, unknown> = z.object({
  subnet: id,
  conversation: id,
  target: natural,
  turn: z.object({
    turn: natural,
    seat: natural,
    move: z.enum(['propose', 'accept', 'reject', 'pass', 'silent']),
    terms: shownTermsSchema.nullable(),
    text: z.string(),
  }),
})

/** The event, or undefined where it is of a kind that this version does not know. */
export function parseEvent(value: unknown): ShownEvent | undefined {
  return eventSchema.safeParse(value).data
}

export function parseTurn(value: unknown): HeardTurn | undefined {
  return heardSchema.safeParse(value).data
}
