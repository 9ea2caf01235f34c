import OpenAI, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from 'openai'
import { z } from 'zod'
import { boundedFetch } from './bounded-fetch.ts'
import type { ChatCall, ChatMessage, ChatModel, ChatReply, ChatRequest } from './chat-model.ts'
import { estimatePromptTokens, estimateTokens } from './chat-model.ts'
import type { Endpoint, OutputForm } from './endpoint.ts'
import { ModelFailure, type ModelFailureCode } from './model-failure.ts'

/** The client's own limit is out of the way: the call's signal ends it. */
const CLIENT_TIMEOUT_MS = 3_600_000

/**
 * A model behind an HTTP endpoint that speaks the OpenAI protocol.
 *
 * It asks once: whoever wants more wraps it. A server that refuses a form of structured output is asked in the next form,
 * and from then on in that.
 */
export function createOpenAiChat(endpoint: Endpoint): ChatModel {
  const isOpenAi = endpoint.preset === 'openai'
  const client = new OpenAI({
    baseURL: endpoint.baseUrl,
    apiKey: endpoint.apiKey,
    maxRetries: 0,
    timeout: CLIENT_TIMEOUT_MS,
    fetch: boundedFetch,
    logLevel: 'off',
    // The client takes these from the environment and would send them to any server.
    ...(isOpenAi ? {} : { organization: null, project: null }),
  })
  let formIndex = 0

  async function completeIn(
    form: OutputForm,
    request: ChatRequest,
    call: ChatCall,
  ): Promise<ChatReply> {
    const body = createBody(endpoint, form, request)
    const answer: unknown = await client.chat.completions.create(body, { signal: call.signal })
    return readCompletion(answer, request)
  }

  return {
    async complete(request, call) {
      for (;;) {
        const form = endpoint.forms[formIndex] ?? 'words'
        try {
          return await completeIn(form, request, call)
        } catch (error) {
          // The reason says more than what the client makes of it.
          if (call.signal.aborted && call.signal.reason instanceof ModelFailure) {
            throw call.signal.reason
          }
          if (!isFormRefusal(error) || formIndex >= endpoint.forms.length - 1) {
            throw toModelFailure(error)
          }
          // Another call may have moved on meanwhile.
          if (endpoint.forms[formIndex] === form) formIndex += 1
        }
      }
    },
  }
}

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming & Record<string, unknown>

function createBody(endpoint: Endpoint, form: OutputForm, request: ChatRequest): Body {
  const { temperature, tokensMax, seed } = request.parameters
  const { name, json } = request.schema
  const schemaFormat = { type: 'json_schema' as const, json_schema: { name, schema: { ...json } } }
  const formats = {
    'strict-schema': {
      response_format: {
        ...schemaFormat,
        json_schema: { ...schemaFormat.json_schema, strict: true },
      },
    },
    schema: { response_format: schemaFormat },
    json: { response_format: { type: 'json_object' as const } },
    words: {},
  }
  return {
    model: endpoint.model,
    messages: createMessages(form, request),
    [endpoint.tokensParameter]: tokensMax,
    ...(temperature === null ? {} : { temperature }),
    ...(seed === null ? {} : { seed }),
    ...formats[form],
    ...endpoint.extra,
  }
}

/** A server that is given no schema is told it. */
function createMessages(
  form: OutputForm,
  { messages, schema }: ChatRequest,
): { role: ChatMessage['role']; content: string }[] {
  const said = messages.map(({ role, content }) => ({ role, content }))
  if (form !== 'json' && form !== 'words') return said
  const [first, ...rest] = said
  const told = `Answer with one JSON object of this JSON Schema, and nothing else:\n${JSON.stringify(schema.json)}`
  return first?.role === 'system'
    ? [{ role: 'system', content: `${first.content}\n\n${told}` }, ...rest]
    : [{ role: 'system', content: told }, ...said]
}

const completionSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z
    .object({
      prompt_tokens: z.number().nonnegative(),
      completion_tokens: z.number().nonnegative(),
      cost: z.number().nonnegative().nullish(),
    })
    .nullish(),
})

/** Some gateways answer 200 and say in the body that it failed. */
const failedSchema = z.object({ error: z.object({ code: z.unknown(), message: z.string() }) })

function readCompletion(answer: unknown, request: ChatRequest): ChatReply {
  const failed = failedSchema.safeParse(answer)
  if (failed.success) {
    const { code, message } = failed.data.error
    throw new ModelFailure(codeOfStatus(Number(code)), message)
  }
  const parsed = completionSchema.safeParse(answer)
  if (!parsed.success) throw new ModelFailure('malformed-response', 'the response is no completion')
  const { choices, usage } = parsed.data
  const [choice] = choices
  const text = choice?.message.content ?? ''
  const refusal = choice?.message.refusal ?? ''
  const reason = choice?.finish_reason ?? ''
  const cost = usage?.cost ?? null
  const reply = {
    text,
    promptTokens: Math.ceil(usage?.prompt_tokens ?? estimatePromptTokens(request)),
    completionTokens: Math.ceil(usage?.completion_tokens ?? estimateTokens(text)),
    costMicroUsd: cost === null ? null : BigInt(Math.ceil(cost * 1_000_000)),
  }
  if (refusal !== '' || reason === 'content_filter') {
    throw new ModelFailure('refused', 'the model refused to answer', { reply })
  }
  if (reason === 'length') {
    const { tokensMax } = request.parameters
    throw new ModelFailure('cut-off', `the reply is longer than ${tokensMax} tokens`, { reply })
  }
  if (text.trim() === '') throw new ModelFailure('empty-reply', 'the reply is empty', { reply })
  return reply
}

function isFormRefusal(error: unknown): boolean {
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) return false
  return /response_format|json_schema|json_object|grammar|structured|schema/i.test(error.message)
}

function toModelFailure(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error
  const cause = error instanceof Error ? error : undefined
  const sentence = cause?.message ?? String(error)
  for (let inner: unknown = cause; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof ModelFailure) return inner
  }
  if (error instanceof APIUserAbortError || isAbort(error)) {
    return new ModelFailure('cancelled', 'the call was ended', { cause })
  }
  if (error instanceof APIConnectionTimeoutError) {
    return new ModelFailure('timed-out', sentence, { cause })
  }
  if (error instanceof APIConnectionError) {
    return new ModelFailure('connection-lost', sentence, { cause })
  }
  if (error instanceof APIError && error.status !== undefined) {
    return new ModelFailure(codeOfStatus(error.status), sentence, {
      cause,
      retryAfterMs: readRetryAfter(error.headers),
    })
  }
  if (error instanceof SyntaxError)
    return new ModelFailure('malformed-response', sentence, { cause })
  // What ends a body half way is a TypeError of the platform: "terminated".
  return new ModelFailure('connection-lost', sentence, { cause })
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
}

function codeOfStatus(status: number): ModelFailureCode {
  if (status === 429) return 'rate-limited'
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 408 || status === 409 || status === 425) return 'server-failed'
  return status >= 400 && status < 500 ? 'request-refused' : 'server-failed'
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date; null where it says none of these. */
function readRetryAfter(headers: Headers | undefined): number | null {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN)
  if (exact >= 0) return exact
  const text = headers?.get('retry-after') ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000
  const atMs = Date.parse(text)
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - Date.now())
}
