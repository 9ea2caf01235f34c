import { MARKET_EVENT_KINDS, toldMarketEventSchema } from '@commonweal/bench/forecast'
import { agentIdSchema, type ChainEvent, cidSchema, naturalSchema } from '@commonweal/protocol'
import { z } from 'zod'
import type { NodeApi } from '../node-api.ts'
import { amount, check } from '../node-view.ts'
import { CommandError } from '../usage-error.ts'

/** What a market did besides: with these, all that it ever did follows. */
const OTHER_EVENT_KINDS = [
  'question-lapsed',
  'question-stage',
  'outcome-asserted',
  'outcome-disputed',
  'jury-drawn',
  'jury-tallied',
  'dispute-settled',
  'slashed',
] as const

type MarketEventKind = (typeof MARKET_EVENT_KINDS | typeof OTHER_EVENT_KINDS)[number]
export type MarketEvent = Extract<ChainEvent, { readonly kind: MarketEventKind }>

/** An event with the height of its block. */
export interface DatedEvent {
  readonly height: number
  readonly event: MarketEvent
}

const question = cidSchema
const claim = { question, agent: agentIdSchema, outcome: naturalSchema, bondMicro: amount }

const eventSchema: z.ZodType<MarketEvent, unknown> = z.union([
  toldMarketEventSchema,
  z.discriminatedUnion('kind', [
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
    z.object({ kind: z.literal('outcome-asserted'), ...claim }),
    z.object({ kind: z.literal('outcome-disputed'), ...claim }),
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
      kind: z.literal('dispute-settled'),
      question,
      outcome: naturalSchema.nullable(),
      asserterMicro: amount,
      disputerMicro: amount,
      jurors: z.array(z.object({ agent: agentIdSchema, lostMicro: amount, gainedMicro: amount })),
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
  ]),
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
      [...MARKET_EVENT_KINDS, ...OTHER_EVENT_KINDS].some((kind) => kind === event.kind),
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
