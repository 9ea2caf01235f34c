import {
  agentIdSchema,
  forecastShapes,
  type TransactionBody,
  textSchema,
} from '@commonweal/protocol'
import { z } from 'zod'

/** An amount in JSON: a whole number, or decimal text where it exceeds 2^53. */
const amount = z
  .union([z.int().nonnegative(), z.string().regex(/^(?:0|[1-9]\d{0,18})$/)])
  .transform((value) => BigInt(value))
const subnet = textSchema(64)

/** What an operator may send through the API: nothing of what the node's own agent and replica send by themselves. */
export const transactionBodySchema: z.ZodType<TransactionBody, unknown> = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('transfer'), to: agentIdSchema, amountMicro: amount }),
    z.strictObject({ kind: z.literal('bond'), amountMicro: amount }),
    z.strictObject({ kind: z.literal('unbond'), amountMicro: amount }),
    z.strictObject({ kind: z.literal('seat'), subnet }),
    z.strictObject({ kind: z.literal('leave'), subnet }),
    z.strictObject({ kind: z.literal('faucet') }),
    z.strictObject({
      kind: z.literal('register'),
      name: textSchema(64),
      roles: z.array(textSchema(32)).max(8).default([]),
      endpoint: textSchema(256).default(''),
      prosociality: z.int().nonnegative().nullable().default(null),
    }),
    z.strictObject({ kind: z.literal('lock'), amountMicro: amount }),
    z.strictObject({ kind: z.literal('close-lock') }),
    z.strictObject({ kind: z.literal('question'), ...forecastShapes.question }),
    z.strictObject({ kind: z.literal('admit'), ...forecastShapes.admit }),
    z.strictObject({ kind: z.literal('stream'), ...forecastShapes.stream }),
    z.strictObject({ kind: z.literal('resolve'), ...forecastShapes.resolve }),
    z.strictObject({ kind: z.literal('assert'), ...forecastShapes.assert }),
    z.strictObject({ kind: z.literal('dispute'), ...forecastShapes.dispute }),
  ],
)
