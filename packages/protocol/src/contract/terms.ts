import { z } from 'zod'
import { encode } from '../codec/cbor.ts'
import { type Cid, cidOf } from '../codec/cid.ts'
import type { AgentId } from '../identity/agent-id.ts'
import {
  agentIdSchema,
  amountSchema,
  cidSchema,
  naturalSchema,
  subnetIdSchema,
  textSchema,
} from '../schema/atoms.ts'
import { EXPRESSION_LENGTH_MAX } from './expression.ts'
import type { Point } from './language.ts'

/** Most parties that terms may name. [CTR-3] */
export const TERMS_PARTY_COUNT_MAX = 64
/** Largest text of terms, in UTF-8 bytes. [CTR-3] */
export const TERMS_TEXT_SIZE_MAX = 4096
/** Most clauses of a law. [CTR-3] */
export const CLAUSE_COUNT_MAX = 64
/** All expressions of a law together, in UTF-16 code units, so that terms fit a gossiped frame. [CTR-3] */
export const LAW_LENGTH_MAX = 16_384

/**
 * What a clause does to the seat that it looks at. Every argument is a CEL expression that yields an int; amounts are
 * micro-tokens and at least 0. spec/contract.md §4 says exactly what each does.
 */
export type Primitive =
  /** [CTR-11] A larger action becomes `limit / over`, rounded half to even. Without `over`, `limit`. */
  | { readonly primitive: 'cap'; readonly limit: string; readonly over?: string }
  /** [CTR-11] The action becomes `action / over`, rounded half to even. Without `over`, `action`. */
  | { readonly primitive: 'override'; readonly action: string; readonly over?: string }
  /** [CTR-12] From the seat's collateral to the balance of seat `to`. */
  | { readonly primitive: 'transfer'; readonly to: string; readonly amount: string }
  /** [CTR-12] From the seat's collateral into its escrow. */
  | { readonly primitive: 'escrow'; readonly amount: string }
  /** [CTR-12] From the seat's escrow to the balance of seat `to`. */
  | { readonly primitive: 'release'; readonly to: string; readonly amount: string }
  /** [CTR-12] From the seat's collateral, burned; counts as a violation. */
  | { readonly primitive: 'sanction'; readonly amount: string }
  /** [CTR-13] base × multiplier ^ (violations before), burned; counts as a violation. */
  | { readonly primitive: 'graduatedSanction'; readonly base: string; readonly multiplier: string }
  /** [CTR-14] Premium from the collateral into the pool, payout from the pool to the seat's balance. */
  | { readonly primitive: 'insurance'; readonly premium: string; readonly payout: string }
  /** [CTR-12] From the seat's collateral, burned. */
  | { readonly primitive: 'participationCost'; readonly amount: string }

/** One rule: at this point, for every seat for which `when` is true, do this. */
export interface Clause {
  readonly at: Point
  readonly when: string
  readonly then: Primitive
}

/** Clauses, carried out in index order. */
export interface Law {
  readonly clauses: readonly Clause[]
}

/** `none`: talk only; `text`: words that nobody enforces; `law`: clauses that the ledger executes. [CTR-3] */
export type TermsMode = 'none' | 'text' | 'law'

/**
 * What a contract says. Its id, the cid of its encoding, is what an acceptance signs. [CTR-3]
 *
 * Shape   1..64 distinct parties; `collateralMicro` in the order of `parties`; `law` exactly where the mode is `law`.
 * Units   `rounds` in epochs, both inclusive; collateral in micro-tokens.
 */
export interface Terms {
  readonly parties: readonly AgentId[]
  /** Signatures that terminate or replace these terms. */
  readonly quorum: number
  readonly subnet: string
  readonly rounds: readonly [from: number, to: number]
  readonly mode: TermsMode
  readonly text: string
  readonly law: Law | null
  readonly collateralMicro: readonly bigint[]
  readonly replaces: Cid | null
}

/** Half of a surrogate pair, in a comment or a string, has no bytes: what comes from the wire has none, what comes as JSON may. */
const expressionSchema = z
  .string()
  .min(1)
  .max(EXPRESSION_LENGTH_MAX)
  .refine((text) => text.isWellFormed(), 'half of a character')

const primitiveSchema: z.ZodType<Primitive, unknown> = z.discriminatedUnion('primitive', [
  z.strictObject({
    primitive: z.literal('cap'),
    limit: expressionSchema,
    over: z.exactOptional(expressionSchema),
  }),
  z.strictObject({
    primitive: z.literal('override'),
    action: expressionSchema,
    over: z.exactOptional(expressionSchema),
  }),
  z.strictObject({
    primitive: z.literal('transfer'),
    to: expressionSchema,
    amount: expressionSchema,
  }),
  z.strictObject({ primitive: z.literal('escrow'), amount: expressionSchema }),
  z.strictObject({
    primitive: z.literal('release'),
    to: expressionSchema,
    amount: expressionSchema,
  }),
  z.strictObject({ primitive: z.literal('sanction'), amount: expressionSchema }),
  z.strictObject({
    primitive: z.literal('graduatedSanction'),
    base: expressionSchema,
    multiplier: expressionSchema,
  }),
  z.strictObject({
    primitive: z.literal('insurance'),
    premium: expressionSchema,
    payout: expressionSchema,
  }),
  z.strictObject({ primitive: z.literal('participationCost'), amount: expressionSchema }),
])

const clauseSchema: z.ZodType<Clause, unknown> = z.strictObject({
  at: z.enum(['submission', 'settlement']),
  when: expressionSchema,
  then: primitiveSchema,
})

export const lawSchema: z.ZodType<Law, unknown> = z
  .strictObject({ clauses: z.array(clauseSchema).max(CLAUSE_COUNT_MAX) })
  .refine((law) => computeLawLength(law) <= LAW_LENGTH_MAX, 'all expressions together are too long')

/** [CTR-3] The shape and limits of terms. What depends on an instance (its quorum, its language) is checked later. */
export const termsSchema: z.ZodType<Terms, unknown> = z
  .strictObject({
    parties: z.array(agentIdSchema).min(1).max(TERMS_PARTY_COUNT_MAX),
    quorum: z.int().min(1).max(TERMS_PARTY_COUNT_MAX),
    subnet: subnetIdSchema,
    rounds: z.tuple([naturalSchema, naturalSchema]),
    mode: z.enum(['none', 'text', 'law']),
    text: textSchema(TERMS_TEXT_SIZE_MAX),
    law: lawSchema.nullable(),
    collateralMicro: z.array(amountSchema).max(TERMS_PARTY_COUNT_MAX),
    replaces: cidSchema.nullable(),
  })
  .refine((terms) => new Set(terms.parties).size === terms.parties.length, 'a party occurs twice')
  .refine(
    (terms) => terms.collateralMicro.length === terms.parties.length,
    'one collateral for each party',
  )
  .refine((terms) => terms.rounds[0] <= terms.rounds[1], 'rounds end before they begin')
  .refine((terms) => (terms.mode === 'law') === (terms.law !== null), 'a law where the mode is law')
  .refine((terms) => terms.mode !== 'none' || terms.text === '', 'no text where the mode is none')

/** The id of terms: what an acceptance names, and what every signature over them covers. [CTR-3] */
export function termsCid(terms: Terms): Cid {
  return cidOf(encode(terms))
}

/** The expressions of a primitive, by argument name, in no order that matters. */
function primitiveArguments(primitive: Primitive): readonly (readonly [string, string])[] {
  return Object.entries(primitive).filter(([name]) => name !== 'primitive')
}

function computeLawLength(law: Law): number {
  let length = 0
  for (const { when, then } of law.clauses) {
    length += when.length
    for (const [, text] of primitiveArguments(then)) length += text.length
  }
  return length
}
