import {
  agentIdSchema,
  type ChainEvent,
  cidSchema,
  digestSchema,
  naturalSchema,
  questionSchema,
  statementSchema,
} from '@commonweal/protocol'
import { z } from 'zod'
import type { NodeApi } from '../node-api.ts'
import { amount, check } from '../node-view.ts'
import { CommandError } from '../usage-error.ts'

/** Events from which all that a market ever did follows. */
const MARKET_EVENT_KINDS = [
  'question-asked',
  'question-lapsed',
  'question-stage',
  'statement-opened',
  'jury-drawn',
  'jury-tallied',
  'question-settled',
  'emission-settled',
  'slashed',
] as const

type MarketEventKind = (typeof MARKET_EVENT_KINDS)[number]
export type MarketEvent = Extract<ChainEvent, { readonly kind: MarketEventKind }>

/** An event with the height of its block. */
export interface DatedEvent {
  readonly height: number
  readonly event: MarketEvent
}

const question = cidSchema
const payments = z.array(z.object({ source: cidSchema, agent: agentIdSchema, amountMicro: amount }))

const eventSchema: z.ZodType<MarketEvent, unknown> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('question-asked'),
    question,
    author: agentIdSchema,
    body: questionSchema,
  }),
  z.object({ kind: z.literal('question-lapsed'), question }),
  z.object({
    kind: z.literal('question-stage'),
    question,
    stage: z.enum([
      'proposed',
      'open',
      'revealing',
      'waiting',
      'asserted',
      'disputed',
      'jury',
      'final',
    ]),
  }),
  z.object({
    kind: z.literal('statement-opened'),
    question,
    author: agentIdSchema,
    snapshot: naturalSchema,
    order: naturalSchema,
    digest: digestSchema,
    statement: statementSchema,
  }),
  z.object({
    kind: z.literal('jury-drawn'),
    question,
    round: naturalSchema,
    jurors: z.array(agentIdSchema),
  }),
  z.object({
    kind: z.literal('jury-tallied'),
    question,
    round: naturalSchema,
    result: z.enum(['decided', 'undecided', 'too-few-reveals']),
    outcome: naturalSchema.nullable(),
  }),
  z.object({
    kind: z.literal('question-settled'),
    question,
    outcome: naturalSchema.nullable(),
    house: z.object({ beforeMicro: amount, afterMicro: amount }),
    weights: z.array(z.object({ agent: agentIdSchema, beforeMicro: amount, afterMicro: amount })),
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
  z.object({
    kind: z.literal('slashed'),
    agent: agentIdSchema,
    offence: z.enum([
      'conflicting-votes',
      'equivocation',
      'seal-not-revealed',
      'share-not-revealed',
      'unfunded-agreement',
      'statement-not-opened',
      'incoherent-verdict',
    ]),
    amountMicro: amount,
  }),
])

interface Page {
  readonly events: readonly { readonly height: number; readonly event: { readonly kind: string } }[]
  readonly next: number | null
}

const pageSchema: z.ZodType<Page, unknown> = z.object({
  events: z.array(z.object({ height: naturalSchema, event: z.looseObject({ kind: z.string() }) })),
  next: naturalSchema.nullable(),
})

/** What a node has of its market after a height, oldest first, page by page. Errors  CommandError */
export async function readMarketEvents(
  api: NodeApi,
  afterHeight = 0,
): Promise<readonly DatedEvent[]> {
  const pages: (readonly DatedEvent[])[] = []
  let after = afterHeight
  for (;;) {
    const path = `/forecast/events?after=${after}`
    const { events, next } = check(pageSchema, path, await api.get(path))
    const known = events.filter(({ event }) =>
      MARKET_EVENT_KINDS.some((kind) => kind === event.kind),
    )
    pages.push(
      known.map(({ height, event }) => ({ height, event: check(eventSchema, path, event) })),
    )
    if (next === null) return pages.flat()
    // Or a node could keep us reading the same page for ever.
    if (next <= after) {
      throw new CommandError(`${path}: the node's pages do not end: the next one is ${next}`)
    }
    after = next
  }
}
