import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { ConfigError } from '../../errors.ts'
import type { ChatModel, ChatReply, ChatRequest } from './chat-model.ts'
import { MODEL_FAILURE_CODES, ModelFailure } from './model-failure.ts'

/**
 * - `record`: every request is made, and what came of it is written
 * - `replay`: what is written is not asked again; the rest is, and is written
 * - `replay-only`: what is not written fails
 */
export const CASSETTE_MODES = ['record', 'replay', 'replay-only'] as const
export type CassetteMode = (typeof CASSETTE_MODES)[number]

type Outcome =
  | { readonly kind: 'reply'; readonly reply: ChatReply }
  | { readonly kind: 'failure'; readonly failure: ModelFailure }

/** Recorded calls: a file of JSON lines, one a call, that several processes may write to. */
export class Cassette {
  readonly #path: string
  readonly #mode: CassetteMode
  readonly #outcomes: ReadonlyMap<string, Outcome>
  /** How often each request was made in this process. */
  readonly #repeats = new Map<string, number>()

  /** Errors  ConfigError: a file that is not there, or not a cassette. */
  constructor(path: string, mode: CassetteMode) {
    this.#path = path
    this.#mode = mode
    this.#outcomes = mode === 'record' ? new Map() : loadOutcomes(path, mode)
  }

  /** Which request this is: its digest, and how often it was made before. */
  next(request: ChatRequest): string {
    const digest = digestOfRequest(request)
    const repeat = this.#repeats.get(digest) ?? 0
    this.#repeats.set(digest, repeat + 1)
    return `${digest}/${repeat}`
  }

  find(key: string): Outcome | undefined {
    return this.#outcomes.get(key)
  }

  get mayAsk(): boolean {
    return this.#mode !== 'replay-only'
  }

  /** In one write, so that lines of several processes do not mix. */
  keep(key: string, request: ChatRequest, outcome: Outcome): void {
    const [digest = '', repeat = '0'] = key.split('/')
    const { model, messages, schema } = request
    const line = {
      digest,
      repeat: Number(repeat),
      model,
      schema: schema.name,
      messages,
      ...writeOutcome(outcome),
    }
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`)
  }
}

/** Answers from a cassette, and keeps what it asked the model itself. */
export function recorded(model: ChatModel, cassette: Cassette): ChatModel {
  return {
    async complete(request, call) {
      const key = cassette.next(request)
      const known = cassette.find(key)
      if (known?.kind === 'reply') return known.reply
      if (known !== undefined) throw known.failure
      if (!cassette.mayAsk) {
        throw new ModelFailure('not-recorded', `the cassette has no answer ${key}`)
      }
      try {
        const reply = await model.complete(request, call)
        cassette.keep(key, request, { kind: 'reply', reply })
        return reply
      } catch (error) {
        // A node that stops says nothing of the model.
        if (error instanceof ModelFailure && error.code !== 'cancelled') {
          cassette.keep(key, request, { kind: 'failure', failure: error })
        }
        throw error
      }
    },
  }
}

/** Digest of all that decides a reply: model, messages, schema and parameters, in an order that is written down here. */
export function digestOfRequest({ model, messages, schema, parameters }: ChatRequest): string {
  const { temperature, tokensMax, seed } = parameters
  const said = messages.map(({ role, content }) => [role, content])
  const whole = [model, said, [schema.name, schema.json], [temperature, tokensMax, seed]]
  return createHash('sha256').update(JSON.stringify(whole)).digest('hex')
}

const replySchema = z.object({
  text: z.string(),
  promptTokens: z.int().nonnegative(),
  completionTokens: z.int().nonnegative(),
  costMicroUsd: z.string().regex(/^\d+$/).transform(BigInt).nullable(),
})

/** A failure may have a reply too: one that was of no use. */
const lineSchema = z
  .object({
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    repeat: z.int().nonnegative(),
    reply: replySchema.nullable(),
    failure: z.object({ code: z.enum(MODEL_FAILURE_CODES), sentence: z.string() }).nullable(),
  })
  .refine(({ reply, failure }) => reply !== null || failure !== null)

function writeOutcome(outcome: Outcome): object {
  if (outcome.kind === 'reply') return { reply: writeReply(outcome.reply), failure: null }
  const { code, message, reply } = outcome.failure
  return {
    reply: reply === null ? null : writeReply(reply),
    failure: { code, sentence: message },
  }
}

function writeReply({ costMicroUsd, ...reply }: ChatReply): object {
  return { ...reply, costMicroUsd: costMicroUsd?.toString() ?? null }
}

function loadOutcomes(path: string, mode: CassetteMode): ReadonlyMap<string, Outcome> {
  if (!existsSync(path)) {
    if (mode === 'replay') return new Map()
    throw new ConfigError('replay', path, 'a file that was recorded')
  }
  const lines = readFileSync(path, 'utf8').split('\n')
  const outcomes = new Map<string, Outcome>()
  for (const [index, text] of lines.entries()) {
    if (text.trim() === '') continue
    const line = parseLine(text)
    if (line === undefined) {
      throw new ConfigError('replay', `${path}, line ${index + 1}`, 'a line of a cassette')
    }
    outcomes.set(`${line.digest}/${line.repeat}`, line.outcome)
  }
  return outcomes
}

function parseLine(
  text: string,
): { readonly digest: string; readonly repeat: number; readonly outcome: Outcome } | undefined {
  const parsed = lineSchema.safeParse(parseJson(text))
  if (!parsed.success) return undefined
  const { digest, repeat, reply, failure } = parsed.data
  if (failure !== null) {
    const { code, sentence } = failure
    const known = new ModelFailure(code, sentence, { reply })
    return { digest, repeat, outcome: { kind: 'failure', failure: known } }
  }
  return reply === null ? undefined : { digest, repeat, outcome: { kind: 'reply', reply } }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
