import {
  agentIdSchema,
  cidSchema,
  digestSchema,
  naturalSchema,
  questionSchema,
  statementSchema,
} from '@commonweal/protocol'
import { z } from 'zod'
import type { MarketEvent } from './market-reader.ts'

/* Events of a market as a node's API tells them: an amount is decimal text, or a number where it is small. */

const amount = z.union([z.int(), z.string().regex(/^-?\d+$/)]).transform(BigInt)
const payments = z.array(z.object({ source: cidSchema, agent: agentIdSchema, amountMicro: amount }))

/** Throws what zod does on an event of such a kind in another form: the node is ours. */
export const toldMarketEventSchema: z.ZodType<MarketEvent, unknown> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('question-asked'),
    question: cidSchema,
    author: agentIdSchema,
    body: questionSchema,
  }),
  z.object({
    kind: z.literal('statement-opened'),
    question: cidSchema,
    author: agentIdSchema,
    snapshot: naturalSchema,
    order: naturalSchema,
    digest: digestSchema,
    statement: statementSchema,
  }),
  z.object({
    kind: z.literal('question-settled'),
    question: cidSchema,
    outcome: naturalSchema.nullable(),
    house: z.object({ beforeMicro: amount, afterMicro: amount }),
    weights: z.array(z.object({ agent: agentIdSchema, beforeMicro: amount, afterMicro: amount })),
  }),
  z.object({
    kind: z.literal('stream-set'),
    agent: agentIdSchema,
    fromHeight: naturalSchema,
    shares: z.array(z.object({ to: agentIdSchema, bps: naturalSchema })),
  }),
  z.object({
    kind: z.literal('emission-settled'),
    epoch: naturalSchema,
    emissionMicro: amount,
    unmintedMicro: amount,
    payments,
    transfers: z.array(
      z.object({
        source: cidSchema,
        from: agentIdSchema,
        to: agentIdSchema,
        amountMicro: amount,
      }),
    ),
    nets: payments,
  }),
])
