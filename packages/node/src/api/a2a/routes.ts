import { type Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { formatJson } from '../../json.ts'
import type { OutsideParts } from '../../outside/outside-parts.ts'
import type { ApiSource } from '../source.ts'
import { OutsideClients } from './clients.ts'
import { CARD_PATH, TASKS_PATH } from './paths.ts'
import type { A2aService } from './service.ts'

/** Largest request. */
export const REQUEST_SIZE_MAX: number = 32 * 1024
/** Pause after which an idle stream says that it is alive. */
const HEARTBEAT_MS = 15_000
/** How long a reader may keep a card. */
const CARD_AGE_S = 60

/**
 * - `wrong-host`, `cross-origin`, `token-required`: as the guard of the API says; the token is that of an agent outside.
 * - `too-many-requests`: faster than a client may ask.
 * - `request-too-large`: above {@link REQUEST_SIZE_MAX}, or of a size that is not stated.
 */
export type OutsideGuardCode =
  | 'wrong-host'
  | 'cross-origin'
  | 'token-required'
  | 'too-many-requests'
  | 'request-too-large'

export interface A2aOptions {
  readonly parts: OutsideParts
  readonly source: ApiSource
  /** The node's folder. */
  readonly folder: string
  /** What `Host` may say; the first is the one in the card, unless the parts have a URL. */
  readonly hosts: () => readonly string[]
}

/**
 * The agent card, for everybody, and the tasks, for who has a token of an agent outside. The SDK behind it is loaded when
 * somebody asks first: most nodes are never asked, and need not start later for it.
 */
export function createA2aRoutes({ parts, source, folder, hosts }: A2aOptions): Hono {
  const app = new Hono()
  const clients = new OutsideClients(folder, parts.clock)
  let loaded: Promise<A2aService> | undefined
  const load = (): Promise<A2aService> => {
    loaded ??= import('./service.ts').then(({ createA2aService }) =>
      createA2aService(parts, source, clients, parts.url ?? `http://${hosts()[0]}`),
    )
    return loaded
  }
  const isOurs = (host: string | undefined): boolean =>
    host !== undefined &&
    (hosts().includes(host) || (parts.url !== null && new URL(parts.url).host === host))

  app.get(CARD_PATH, async (context) => {
    if (!isOurs(context.req.header('host'))) return refuse(context, 'wrong-host', 403)
    const { card } = await load()
    return context.body(formatJson(card), 200, {
      'content-type': 'application/json',
      'cache-control': `max-age=${CARD_AGE_S}`,
    })
  })
  app.post(TASKS_PATH, async (context) => {
    const { req } = context
    const host = req.header('host')
    if (!isOurs(host)) return refuse(context, 'wrong-host', 403)
    const origin = req.header('origin')
    if (origin !== undefined && URL.parse(origin)?.host !== host) {
      return refuse(context, 'cross-origin', 403)
    }
    const client = clients.find(req.header('authorization') ?? '')
    if (client === undefined) {
      return refuse(context, 'token-required', 401, { 'www-authenticate': 'Bearer' })
    }
    if (!clients.mayAsk(client)) {
      return refuse(context, 'too-many-requests', 429, { 'retry-after': '1' })
    }
    const size = Number(req.header('content-length') ?? Number.NaN)
    if (!(size <= REQUEST_SIZE_MAX)) return refuse(context, 'request-too-large', 413)
    const service = await load()
    const text = await req.text()
    const version = req.header('a2a-version')
    const gone = new AbortController()
    req.raw.signal.addEventListener('abort', () => gone.abort(), { once: true })
    const answer = await service.handle({ client, version, text, signal: gone.signal })
    if (Symbol.asyncIterator in answer) return stream(context, answer, gone)
    return context.body(formatJson(answer), 200, { 'content-type': 'application/json' })
  })
  return app
}

/** Answers as they come; a reader who has gone ends them. */
function stream(
  context: Context,
  answers: AsyncGenerator<object, void, undefined>,
  gone: AbortController,
): Response {
  return streamSSE(context, async (out) => {
    const beat = setInterval(() => void out.write(': alive\n\n'), HEARTBEAT_MS)
    out.onAbort(() => gone.abort())
    try {
      for await (const answer of answers) {
        if (gone.signal.aborted) return
        await out.writeSSE({ data: formatJson(answer) })
      }
    } finally {
      clearInterval(beat)
      gone.abort()
    }
  })
}

function refuse(
  context: Context,
  code: OutsideGuardCode,
  status: 401 | 403 | 413 | 429,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return context.body(formatJson({ code }), status, {
    'content-type': 'application/json',
    ...headers,
  })
}
