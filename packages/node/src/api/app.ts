import { cidSchema } from '@commonweal/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import type { StoredTurn } from '../ports.ts'
import { answer, malformed, missing, readBody } from './answer.ts'
import { addAssistant } from './assistant-routes.ts'
import { viewContracts, wordsOf } from './contract-view.ts'
import { streamEvents } from './events.ts'
import { viewForecast, viewForecastEvents } from './forecast-view.ts'
import { guardRequests } from './guard.ts'
import { viewCheckpoint, viewInstance, viewLedger } from './ledger-view.ts'
import type { ApiSource } from './source.ts'
import { transactionBodySchema } from './transaction-body.ts'

/** How long `POST /transactions?wait=true` waits for the receipt. */
export const RECEIPT_PATIENCE_MS = 30_000
/** Turns in one answer at most. */
const TURNS_MAX = 10_000

export interface AppOptions {
  readonly token: string
  /** What `Host` may say. */
  readonly hosts: () => readonly string[]
  /** What agents outside may reach; it has a guard of its own. */
  readonly outside?: Hono | null
}

/** The API of one node. Answers are JSON; an amount is decimal text, bytes are hex. */
export function createApp(source: ApiSource, { token, hosts, outside }: AppOptions): Hono {
  const app = new Hono()
  if (outside) app.route('/', outside)
  app.use(guardRequests(token, hosts))
  app.get('/status', (context) => answer(context, source.status()))
  app.get('/ledger', (context) => answer(context, viewLedger(source.ledger(), source.genesis)))
  app.get('/checkpoint', (context) => {
    const checkpoint = viewCheckpoint(source.store, source.ledger())
    return checkpoint === undefined
      ? missing(context, 'no-checkpoint')
      : answer(context, checkpoint)
  })
  app.get('/contracts', (context) => {
    const contracts = viewContracts(source.store, source.ledger(), source.genesis)
    return answer(context, { contracts })
  })
  app.get('/forecast', (context) =>
    source.genesis.forecast === null
      ? missing(context, 'no-market')
      : answer(context, viewForecast(source.ledger())),
  )
  app.get('/forecast/events', (context) => {
    const after = Number(context.req.query('after') ?? 0)
    const afterHeight = Number.isSafeInteger(after) ? after : 0
    return answer(context, viewForecastEvents(source.store, afterHeight))
  })
  app.get('/negotiations', (context) => {
    const from = Number(context.req.query('from') ?? 0)
    const turns = source.store.turns(Number.isSafeInteger(from) ? from : 0, TURNS_MAX)
    return answer(context, { conversations: groupTurns(turns, source) })
  })
  app.get('/history', (context) => answer(context, { missing: source.store.missing() }))
  app.get('/events', (context) => streamEvents(context, source))
  app.get('/instances/:id', (context) => {
    const view = viewInstance(source.ledger(), context.req.param('id'))
    return view === undefined ? missing(context, 'unknown-instance') : answer(context, view)
  })
  app.get('/receipts/:id', (context) => {
    const id = cidSchema.safeParse(context.req.param('id'))
    const receipt = id.success ? source.store.receipt(id.data) : undefined
    return receipt === undefined ? missing(context, 'unknown-receipt') : answer(context, receipt)
  })
  app.post('/transactions', async (context) => {
    const body = await readBody(context, transactionBodySchema)
    if (body === undefined) return malformed(context)
    const patienceMs = context.req.query('wait') === 'true' ? RECEIPT_PATIENCE_MS : 0
    const submitted = await source.submit(body, patienceMs)
    if (submitted.status === 'refused') return answer(context, submitted, 409)
    return answer(context, submitted, submitted.status === 'sent' ? 202 : 200)
  })
  app.post('/peers', async (context) => {
    const body = await readBody(context, peersSchema)
    if (body === undefined) return malformed(context)
    const refused = await connectAll(source, body.addresses)
    return refused.length === 0 ? answer(context, body) : answer(context, { refused }, 409)
  })
  app.post('/blocked', async (context) => {
    const body = await readBody(context, blockedSchema)
    if (body === undefined) return malformed(context)
    source.setBlocked(body.peers)
    return answer(context, body)
  })
  addAssistant(app, source)
  app.post('/stop', (context) => {
    setImmediate(() => void source.stop())
    return answer(context, { status: 'stopping' }, 202)
  })
  app.notFound((context) => missing(context, 'unknown-path'))
  return app
}

const peersSchema: z.ZodType<{ readonly addresses: readonly string[] }, unknown> = z.strictObject({
  addresses: z.array(z.string().max(256)).max(64),
})

/** Connects to peers; the node goes on trying those that do not answer. Result  those, and why. */
async function connectAll(
  source: ApiSource,
  addresses: readonly string[],
): Promise<readonly { readonly address: string; readonly sentence: string }[]> {
  const refused = await Promise.all(
    addresses.map(async (address) => {
      try {
        await source.connect(address)
        return []
      } catch (error) {
        return [{ address, sentence: error instanceof Error ? error.message : String(error) }]
      }
    }),
  )
  return refused.flat()
}

const blockedSchema: z.ZodType<{ readonly peers: readonly string[] }, unknown> = z.strictObject({
  peers: z.array(z.string().max(128)).max(1_024),
})

/** What was said, by conversation, in the order in which it was heard. */
function groupTurns(turns: readonly StoredTurn[], { genesis }: ApiSource): readonly unknown[] {
  const groups = Map.groupBy(turns, ({ conversation }) => conversation)
  return [...groups].map(([conversation, said]) => ({
    conversation,
    subnet: said[0]?.subnet,
    target: said[0]?.target,
    turns: said.map(({ turn }) => ({
      ...turn,
      words: turn.terms === null ? [] : wordsOf(turn.terms, genesis),
    })),
  }))
}
