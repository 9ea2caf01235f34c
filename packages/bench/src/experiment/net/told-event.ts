import { agentIdSchema, cidSchema, lawSchema } from '@commonweal/protocol'
import { z } from 'zod'
import { MARKET_EVENT_KINDS } from '../../forecast/market-reader.ts'
import { toldMarketEventSchema } from '../../forecast/told-market-event.ts'
import type { SeenEvent } from '../chain/chain-facts.ts'
import type { SeenMarketEvent } from '../chain/missed-forecast.ts'

/* Events as a node's API tells them: an amount is decimal text. */

const natural = z.int().nonnegative()
const amount = z
  .string()
  .regex(/^-?\d+$/)
  .transform(BigInt)
const amounts = z.array(amount)
const records = z.array(z.looseObject({}))

const eventSchema: z.ZodType<SeenEvent, unknown> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('phase'),
    epoch: natural,
    phase: z.enum(['negotiate', 'signal', 'seal', 'reveal', 'beacon']),
    height: natural,
  }),
  z.object({
    kind: z.literal('agreement-formed'),
    id: cidSchema,
    terms: z.object({
      rounds: z.tuple([natural, natural]),
      text: z.string(),
      law: lawSchema.nullable(),
    }),
    signers: z.array(agentIdSchema),
    takenMicro: amounts,
  }),
  z.object({ kind: z.literal('agreement-ended'), id: cidSchema, returnedMicro: amounts }),
  z.object({
    kind: z.literal('round-settled'),
    epoch: natural,
    row: z.unknown(),
    laws: z.array(z.object({ records })),
    creditsMicro: amounts,
  }),
  z.object({ kind: z.literal('run-ended') }),
  z.object({
    kind: z.literal('slashed'),
    agent: agentIdSchema,
    offence: z.string(),
    amountMicro: amount,
  }),
])

const toldSchema = z.object({ kind: z.literal('chain'), height: natural, event: z.unknown() })
const kindSchema = z.object({ kind: z.string() })
const SEEN_KINDS = [
  'phase',
  'agreement-formed',
  'agreement-ended',
  'round-settled',
  'run-ended',
  'slashed',
]
const slashedSchema: z.ZodType<
  Extract<SeenMarketEvent, { readonly kind: 'slashed' }>,
  unknown
> = z.object({ kind: z.literal('slashed'), agent: agentIdSchema, offence: z.string() })
const marketSchema: z.ZodType<SeenMarketEvent, unknown> = z.union([
  toldMarketEventSchema,
  slashedSchema,
])

/** An event, and the height of its block. */
export interface Told<Event> {
  readonly height: number
  readonly event: Event
}

/**
 * What a node told, where a result is made of it; undefined otherwise.
 *
 * Throws ZodError on an event of such a kind in another form: the node is ours.
 */
export function parseTold(told: unknown): Told<SeenEvent> | undefined {
  return parseChain(told, SEEN_KINDS, eventSchema)
}

/** The same of a market. */
export function parseToldMarket(told: unknown): Told<SeenMarketEvent> | undefined {
  return parseChain(told, [...MARKET_EVENT_KINDS, 'slashed'], marketSchema)
}

function parseChain<Event>(
  told: unknown,
  kinds: readonly string[],
  schema: z.ZodType<Event, unknown>,
): Told<Event> | undefined {
  const chain = toldSchema.safeParse(told).data
  const kind = kindSchema.safeParse(chain?.event).data?.kind
  if (chain === undefined || kind === undefined || !kinds.includes(kind)) return undefined
  return { height: chain.height, event: schema.parse(chain.event) }
}
