import { AgentCard } from '@a2a-js/sdk'
import { A2A_ERROR_CODE, RequestMalformedError } from '@a2a-js/sdk/errors'
import { JsonRpcTransportHandler, ServerCallContext, validateVersion } from '@a2a-js/sdk/server'
import { z } from 'zod'
import type { OutsideParts } from '../../outside/outside-parts.ts'
import type { LogPort } from '../../ports.ts'
import type { ApiSource } from '../source.ts'
import { createSignedCard } from './card.ts'
import type { OutsideClients } from './clients.ts'
import { GONE, OutsideRequestHandler } from './request-handler.ts'

/** A request that has passed the guard. */
export interface OutsideRequest {
  readonly client: string
  /** Of `A2A-Version`. */
  readonly version: string | undefined
  readonly text: string
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal
}

/** The official SDK around this node's agent: a signed card, and JSON-RPC. */
export interface A2aService {
  /** As JSON. */
  readonly card: unknown
  /** One answer, or a stream of them. What cannot be answered is an answer with an error. */
  handle(request: OutsideRequest): Promise<object | AsyncGenerator<object, void, undefined>>
}

export async function createA2aService(
  parts: OutsideParts,
  source: ApiSource,
  clients: OutsideClients,
  url: string,
): Promise<A2aService> {
  const { id: agent, secretKey } = parts
  const { genesis } = source
  const { name } = source.status()
  const card = await createSignedCard({ agent, secretKey, genesis, name, url })
  const handler = new OutsideRequestHandler(parts, source, card, clients)
  const transport = new JsonRpcTransportHandler(handler)
  return {
    card: AgentCard.toJSON(card),
    async handle({ client, version, text, signal }) {
      const context = new ServerCallContext({
        user: { isAuthenticated: true, userName: client },
        state: new Map([[GONE, signal]]),
        ...(version === undefined ? {} : { requestedVersion: version }),
      })
      try {
        validateVersion(context.requestedVersion, card, 'JSONRPC')
        refuseTenant(text)
        const answer = await transport.handle(text, context)
        return 'next' in answer ? await peek(answer) : conceal(answer, parts.log)
      } catch (error) {
        const told = JsonRpcTransportHandler.mapToJSONRPCError(error)
        return conceal({ jsonrpc: '2.0', id: idOf(text), error: told }, parts.log)
      }
    },
  }
}

/** A stream that fails before its first answer is an answer with an error. */
async function peek(
  stream: AsyncGenerator<object, void, undefined>,
): Promise<AsyncGenerator<object, void, undefined>> {
  const first = await stream.next()
  return (async function* rest() {
    try {
      if (first.done === true) return
      yield first.value
      yield* stream
    } finally {
      await stream.return()
    }
  })()
}

const internalSchema = z.object({
  code: z.literal(A2A_ERROR_CODE.INTERNAL_ERROR),
  message: z.string(),
})

/** What went wrong within the node is for its operator to read. */
function conceal<Told extends { readonly error?: unknown }>(told: Told, log: LogPort): Told {
  const fault = internalSchema.safeParse(told.error)
  if (!fault.success) return told
  log.error({ sentence: fault.data.message }, 'a request from outside failed within the node')
  return { ...told, error: { ...fault.data, message: 'the node failed to answer' } }
}

const requestSchema = z.looseObject({
  id: z.union([z.string(), z.int(), z.null()]).catch(null),
  params: z.looseObject({ tenant: z.literal('').optional() }).optional(),
})

/** One node has one agent. What is no request at all the transport refuses. */
function refuseTenant(text: string): void {
  const value = parseJson(text)
  if (value === undefined || requestSchema.safeParse(value).success) return
  throw new RequestMalformedError({
    message: 'accepted: a request without a tenant, and params that are an object',
    metadata: { code: 'malformed-request' },
  })
}

function idOf(text: string): string | number | null {
  return requestSchema.pick({ id: true }).safeParse(parseJson(text)).data?.id ?? null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
