import { z } from 'zod'
import type { Cid } from '../codec/cid.ts'
import type { Digest } from '../codec/digest.ts'
import { type Terms, termsSchema } from '../contract/terms.ts'
import type { AgentId } from '../identity/agent-id.ts'
import {
  agentIdSchema,
  amountSchema,
  bytes32Schema,
  bytesSchema,
  cidSchema,
  digestSchema,
  naturalSchema,
  subnetIdSchema,
  textSchema,
} from '../schema/atoms.ts'
import { FORECAST_KINDS, type ForecastBody, type ForecastKind, forecastShapes } from './forecast.ts'
import { PARTIES_MAX } from './negotiation.ts'

/** Largest envelope that may be carried inside a transaction: that of the largest message of a conversation. [TX-1] */
export const CARRIED_ENVELOPE_SIZE_MAX: number = 33 * 1024

/** Two shares of a validator: `beacon` makes R_e, `signal` makes what agents are shown in the next epoch. */
export type SharePurpose = 'beacon' | 'signal'

/** What a transaction does; its author, nonce and fee are beside it in {@link Transaction}. */
export type TransactionBody =
  /** Sets the author's public profile. `prosociality`: its declared λ in thousandths, or null. */
  | {
      readonly kind: 'register'
      readonly name: string
      readonly roles: readonly string[]
      readonly endpoint: string
      readonly prosociality: number | null
    }
  | { readonly kind: 'transfer'; readonly to: AgentId; readonly amountMicro: bigint }
  /** The author asks the faucet for its grant; carries no fee and may be the first act of an account. */
  | { readonly kind: 'faucet' }
  | { readonly kind: 'bond'; readonly amountMicro: bigint }
  | { readonly kind: 'unbond'; readonly amountMicro: bigint }
  | { readonly kind: 'seat'; readonly subnet: string }
  | { readonly kind: 'leave'; readonly subnet: string }
  /** Terms and signed `accept-proposal` envelopes for them. */
  | {
      readonly kind: 'agreement'
      readonly terms: Terms
      readonly acceptances: readonly Uint8Array[]
    }
  /** Signed `consent` envelopes of the quorum that the terms name. */
  | {
      readonly kind: 'terminate'
      readonly agreement: Cid
      readonly consents: readonly Uint8Array[]
    }
  /** Commits to a hidden action of this epoch. */
  | { readonly kind: 'seal'; readonly subnet: string; readonly digest: Digest }
  | {
      readonly kind: 'reveal'
      readonly subnet: string
      readonly action: bigint
      readonly salt: Uint8Array
    }
  /** Nothing from me in this phase. */
  | { readonly kind: 'pass'; readonly subnet: string }
  /** A validator commits to its share; a `signal` share is for the epoch after this one. */
  | { readonly kind: 'seal-share'; readonly purpose: SharePurpose; readonly digest: Digest }
  | { readonly kind: 'reveal-share'; readonly purpose: SharePurpose; readonly share: Uint8Array }
  /** Two signed messages of one author that contradict each other. */
  | { readonly kind: 'evidence'; readonly first: Uint8Array; readonly second: Uint8Array }
  | ForecastBody

/** An ordered, final act on the ledger. `nonce` is the author's next, from 0; the fee is burned. */
export type Transaction = TransactionBody & {
  readonly author: AgentId
  readonly nonce: number
  readonly feeMicro: bigint
}
export type TransactionKind = Transaction['kind']

const carried = bytesSchema(CARRIED_ENVELOPE_SIZE_MAX)
const head = { author: agentIdSchema, nonce: naturalSchema, feeMicro: amountSchema }

function body<K extends string, S extends z.ZodRawShape>(kind: K, shape: S) {
  return z.strictObject({ kind: z.literal(kind), ...head, ...shape })
}

const purpose = z.enum(['beacon', 'signal'])

function forecastBody(kind: ForecastKind): [ForecastKind, z.ZodType<Transaction, unknown>] {
  // The shape of each kind is checked against its type where the two stand together, in forecast.ts.
  return [kind, body(kind, forecastShapes[kind]) as unknown as z.ZodType<Transaction, unknown>]
}

export const transactionSchemas: ReadonlyMap<
  TransactionKind,
  z.ZodType<Transaction, unknown>
> = new Map<TransactionKind, z.ZodType<Transaction, unknown>>([
  [
    'register',
    body('register', {
      name: textSchema(64),
      roles: z.array(textSchema(32)).max(8),
      endpoint: textSchema(256),
      prosociality: naturalSchema.nullable(),
    }),
  ],
  ['transfer', body('transfer', { to: agentIdSchema, amountMicro: amountSchema })],
  // [TX-5] It is free, so it cannot pretend to a fee that would put it before others.
  ['faucet', body('faucet', { feeMicro: amountSchema.refine((fee) => fee === 0n) })],
  ['bond', body('bond', { amountMicro: amountSchema })],
  ['unbond', body('unbond', { amountMicro: amountSchema })],
  ['seat', body('seat', { subnet: subnetIdSchema })],
  ['leave', body('leave', { subnet: subnetIdSchema })],
  [
    'agreement',
    body('agreement', { terms: termsSchema, acceptances: z.array(carried).max(PARTIES_MAX) }),
  ],
  [
    'terminate',
    body('terminate', { agreement: cidSchema, consents: z.array(carried).max(PARTIES_MAX) }),
  ],
  ['seal', body('seal', { subnet: subnetIdSchema, digest: digestSchema })],
  ['reveal', body('reveal', { subnet: subnetIdSchema, action: amountSchema, salt: bytes32Schema })],
  ['pass', body('pass', { subnet: subnetIdSchema })],
  ['seal-share', body('seal-share', { purpose, digest: digestSchema })],
  ['reveal-share', body('reveal-share', { purpose, share: bytes32Schema })],
  ['evidence', body('evidence', { first: carried, second: carried })],
  ...FORECAST_KINDS.map(forecastBody),
])

export function isTransaction(message: { readonly kind: string }): message is Transaction {
  return (transactionSchemas as ReadonlyMap<string, unknown>).has(message.kind)
}
