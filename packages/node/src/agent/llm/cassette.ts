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

/** What came of a call. */
export type ChatOutcome =
  | { readonly kind: 'reply'; readonly reply: ChatReply }
  | { readonly kind: 'failure'; readonly failure: ModelFailure }

/** What calls are found again in, and kept in. */
export interface Tape {
  /** Which request this is: its digest, and how often it was made before. */
  next(request: ChatRequest): string
  find(key: string): ChatOutcome | undefined
  /** Whether what is not there may be asked. */
  readonly mayAsk: boolean
  keep(key: string, request: ChatRequest, outcome: ChatOutcome): void
}

/** Recorded calls: a file of JSON lines, one a call, that several processes may write to. */
export class Cassette implements Tape {
  readonly #path: string
  readonly #mode: CassetteMode
  readonly #outcomes: ReadonlyMap<string, ChatOutcome>
  /** How often each request was made in this process. */
  readonly #repeats = new Map<string, number>()

  /** Errors  ConfigError: a file that is not there, or not a cassette. */
  constructor(path: string, mode: CassetteMode) {
    this.#path = path
    this.#mode = mode
    this.#outcomes = mode === 'record' ? new Map() : loadOutcomes(path, mode)
  }

  next(request: ChatRequest): string {
    return countedKey(this.#repeats, digestOfRequest(request))
  }

  find(key: string): ChatOutcome | undefined {
    return this.#outcomes.get(key)
  }

  get mayAsk(): boolean {
    return this.#mode !== 'replay-only'
  }

  keep(key: string, request: ChatRequest, outcome: ChatOutcome): void {
    const { model, messages, schema } = request
    this.#write(key, { model, schema: schema.name, messages, ...writeOutcome(outcome) })
  }

  /**
   * The part of one run among many: how often a request was made before counts within the run, so that runs are found again
   * in any order. What was asked is not written: the run asks it again, and the digest tells whether it is the same.
   */
  ofRun(run: string): Tape {
    const repeats = new Map<string, number>()
    return {
      mayAsk: this.mayAsk,
      next: (request) => countedKey(repeats, digestInRun(run, request)),
      find: (key) => this.find(key),
      keep: (key, _request, outcome) => this.#write(key, writeOutcome(outcome)),
    }
  }

  /** In one write, so that lines of several processes do not mix. */
  #write(key: string, said: object): void {
    const [digest = '', repeat = '0'] = key.split('/')
    const line = { digest, repeat: Number(repeat), ...said }
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`)
  }
}

function countedKey(repeats: Map<string, number>, digest: string): string {
  const repeat = repeats.get(digest) ?? 0
  repeats.set(digest, repeat + 1)
  return `${digest}/${repeat}`
}

/** Half a digest tells the calls of a million runs apart. */
function digestInRun(run: string, request: ChatRequest): string {
  const whole = `${run}/${digestOfRequest(request)}`
  return createHash('sha256').update(whole).digest('hex').slice(0, 32)
}

/** Answers from a cassette, and keeps what it asked the model itself. */
export function recorded(model: ChatModel, cassette: Tape): ChatModel {
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
  costMicroUsd: z.string().regex(/^\d+$/).transform(BigInt).nullable().default(null),
})

/** A failure may have a reply too: one that was of no use. */
const lineSchema = z
  .object({
    digest: z.string().regex(/^([0-9a-f]{32}){1,2}$/),
    repeat: z.int().nonnegative(),
    reply: replySchema.nullable().default(null),
    failure: z
      .object({ code: z.enum(MODEL_FAILURE_CODES), sentence: z.string() })
      .nullable()
      .default(null),
  })
  .refine(({ reply, failure }) => reply !== null || failure !== null)

function writeOutcome(outcome: ChatOutcome): object {
  if (outcome.kind === 'reply') return { reply: writeReply(outcome.reply) }
  const { code, message, reply } = outcome.failure
  return {
    ...(reply === null ? {} : { reply: writeReply(reply) }),
    failure: { code, sentence: message },
  }
}

function writeReply({ costMicroUsd, ...reply }: ChatReply): object {
  return { ...reply, ...(costMicroUsd === null ? {} : { costMicroUsd: costMicroUsd.toString() }) }
}

/** The first line may say whose answers these are; that is for whoever reads it. */
const headingSchema = z.strictObject({ about: z.unknown() })

/** The first line of a cassette that says whose answers these are. */
export function formatHeading(about: unknown): string {
  return `${JSON.stringify({ about })}\n`
}

function loadOutcomes(path: string, mode: CassetteMode): ReadonlyMap<string, ChatOutcome> {
  const outcomes = new Map<string, ChatOutcome>()
  if (!existsSync(path)) {
    if (mode === 'replay') return outcomes
    throw new ConfigError('replay', path, 'a file that was recorded')
  }
  for (const [index, text] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (text.trim() === '') continue
    const json = parseJson(text)
    if (index === 0 && headingSchema.safeParse(json).success) continue
    const line = parseLine(json)
    if (line === undefined) {
      throw new ConfigError('replay', `${path}, line ${index + 1}`, 'a line of a cassette')
    }
    outcomes.set(line.key, line.outcome)
  }
  return outcomes
}

function parseLine(
  json: unknown,
): { readonly key: string; readonly outcome: ChatOutcome } | undefined {
  const parsed = lineSchema.safeParse(json)
  if (!parsed.success) return undefined
  const { digest, repeat, reply, failure } = parsed.data
  const key = `${digest}/${repeat}`
  if (failure !== null) {
    const { code, sentence } = failure
    const known = new ModelFailure(code, sentence, { reply })
    return { key, outcome: { kind: 'failure', failure: known } }
  }
  return reply === null ? undefined : { key, outcome: { kind: 'reply', reply } }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
