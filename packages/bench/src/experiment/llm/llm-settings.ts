import {
  CASSETTE_MODES,
  type CassetteMode,
  type ModelConfig,
  modelConfigSchema,
} from '@commonweal/node/agent'
import { present } from '@commonweal/protocol'
import { z } from 'zod'
import type { JsonValue } from '../canonical-json.ts'
import { strictFields } from '../strict-fields.ts'

/** The policy of a seat that asks a language model. */
export const LLM_POLICY = 'llm'

/** How models are asked, as far as it has a part in what they answer or what that costs. */
export interface LlmSettings {
  /** Where models are whose names have no address of their own; null leaves it to the environment. */
  readonly baseUrl: string | null
  /** Null leaves it to the server: some models refuse any. */
  readonly temperature: number | null
  readonly replyTokensMax: number
  /** Tokens of a prompt that past rounds may take. */
  readonly memoryTokensMax: number
  /** For one turn, repairs and retries included. */
  readonly turnSeconds: number
  /** Whether agents are told how many rounds a run has. */
  readonly showsHorizon: boolean
  /** Whether a mandate checks what a model signs, as it does in a node. */
  readonly isGuarded: boolean
  /** Dollars for a million tokens read and written, "0.25/2", for all models or by model; null where they are free or say it. */
  readonly price: string | Readonly<Record<string, string>> | null
}

/** Where answers are recorded, and found again. */
export interface CassetteSettings {
  readonly file: string
  readonly mode: CassetteMode
  /** What its first line says, where it is begun: whose answers these are. */
  readonly about?: JsonValue
}

/** The field `llm` of a file: the settings, the model of entries that name none, and the cassette. */
export interface LlmFile extends LlmSettings {
  readonly model: string | null
  readonly cassette: CassetteSettings | null
}

const PRICE_FORM = /^(\d{1,6})(?:\.(\d{1,6}))?\/(\d{1,6})(?:\.(\d{1,6}))?$/
const priceSchema = z
  .string()
  .regex(PRICE_FORM, 'accepted: dollars for a million tokens read and written, such as "0.25/2"')

/** A key in an address would be in every file that names it. */
const addressSchema = z.url().refine((text) => /^https?:\/\/[^\s@?#]+$/.test(text), {
  error: 'accepted: http:// or https:// with a host, a port and a path, and no key in it',
})

export const llmSchema: z.ZodType<LlmFile, unknown> = strictFields({
  model: z.string().min(1).nullable().default(null),
  baseUrl: addressSchema.nullable().default(null),
  temperature: z.number().min(0).max(2).nullable().default(null),
  replyTokensMax: z.int().min(64).max(65_536).default(4_096),
  memoryTokensMax: z.int().min(0).max(65_536).default(1_000),
  turnSeconds: z.number().min(1).max(600).default(60),
  showsHorizon: z.boolean().default(true),
  isGuarded: z.boolean().default(true),
  price: z
    .union([priceSchema, z.record(z.string(), priceSchema)], {
      error: 'accepted: dollars for a million tokens read and written, "0.25/2", or such by model',
    })
    .nullable()
    .default(null),
  cassette: strictFields({
    file: z.string().min(1),
    mode: z.enum(CASSETTE_MODES).default('replay'),
  })
    .nullable()
    .default(null),
})

/** What a run with models is fixed by, of what a file says of them. */
export function settingsOf(file: LlmFile | null): LlmSettings {
  const { model: _model, cassette: _cassette, ...settings } = file ?? llmSchema.parse({})
  return settings
}

/** The name by which a model is asked: with the address of the settings where it has none. */
export function nameOfModel(model: string, { baseUrl }: LlmSettings): string {
  return baseUrl === null || /@https?:\/\//.test(model) ? model : `${model}@${baseUrl}`
}

/** What a million tokens of a model cost, in millionths of a dollar; null where the settings do not say. */
export function priceOf(model: string, { price }: LlmSettings): ModelConfig['price'] {
  const written = typeof price === 'string' || price === null ? price : (price[model] ?? null)
  if (written === null) return null
  const [, ...parts] = present(PRICE_FORM.exec(written), 'a file that was read has good prices')
  const [read = '', readPart = '', said = '', saidPart = ''] = parts
  const toMicro = (whole: string, part: string): string =>
    String(BigInt(whole + (part ?? '').padEnd(6, '0')))
  return {
    promptMicroUsd: toMicro(read, readPart),
    completionMicroUsd: toMicro(said, saidPart),
  }
}

/** The configuration of an agent with a model. */
export function modelConfigOf(model: string, settings: LlmSettings): ModelConfig {
  const { temperature, replyTokensMax, memoryTokensMax, turnSeconds, showsHorizon } = settings
  return modelConfigSchema.parse({
    name: nameOfModel(model, settings),
    temperature,
    replyTokensMax,
    memoryTokensMax,
    turnMs: turnSeconds * 1_000,
    showsHorizon,
    price: priceOf(model, settings),
    ...(settings.isGuarded ? {} : { mandate: null }),
  })
}
