import { z } from 'zod'
import { CASSETTE_MODES, type CassetteMode } from './cassette.ts'
import { MODEL_NAME_FORMS, parseModelName } from './endpoint.ts'

/**
 * A language model that decides for an agent, as a configuration has it. No key is ever in it: keys are in the environment.
 *
 * Units  money in millionths of a dollar, as decimal text; tokens; ms.
 */
export interface ModelConfig {
  /** `gpt-5-mini`, `ollama:qwen3:8b`, `vllm:name@http://host:8000/v1`. */
  readonly name: string
  readonly temperature: number | null
  readonly seed: number | null
  /** Most tokens of one reply, reasoning included. */
  readonly replyTokensMax: number
  /** Tokens of a prompt that past rounds may take. */
  readonly memoryTokensMax: number
  /** For one turn, repairs and retries included. */
  readonly turnMs: number
  /** Calls of this process at a time. */
  readonly callsMax: number
  readonly tokensMax: number | null
  readonly tokensPerEpochMax: number | null
  readonly costMicroUsdMax: string | null
  readonly costMicroUsdPerEpochMax: string | null
  /** Of a million tokens; null where the model is free or its server says what a call cost. */
  readonly price: { readonly promptMicroUsd: string; readonly completionMicroUsd: string } | null
  readonly cassette: { readonly path: string; readonly mode: CassetteMode } | null
  /** Whether the agent is told how many rounds a run has. */
  readonly showsHorizon: boolean
  /** Settled questions after which a forecaster thinks about whom to pay again. */
  readonly creditEvery: number
  /** Null leaves the model unguarded: to measure what the guard is worth, and for nothing else. */
  readonly mandate: MandateConfig | null
}

/** What the agent may sign, whatever its model says. Shares are in percent. */
export interface MandateConfig {
  /** A request is at most this share of the stock. */
  readonly requestPercentMax: number
  /** A request is at least this share of what keeps the stock, or of what the law allots where that is less. */
  readonly requestPercentMin: number
  /** Under a law that it signs, it may take at least this share of what the seats may take on average. */
  readonly allotmentPercentMin: number
  /** Under such a law it may take, of a full stock and over the rounds left, this share of an equal part of all of it. */
  readonly harvestPercentMin: number
  /** In one turn it gives up at most this much of the mean, against what it proposed before. */
  readonly concessionPercentMax: number
  /** The most that it sets aside under one contract. */
  readonly collateralMicroMax: string
  /** In games. */
  readonly game: GameMandateConfig
  /** In a forecasting market. */
  readonly forecast: ForecastMandateConfig
}

/** What a forecaster may say and pay. */
export interface ForecastMandateConfig {
  /** It gives each outcome at least this share of what the pool of its suppliers' reports gives to it. */
  readonly poolPercentMin: number
  /** Of all that it earns it passes on at least and at most this much. */
  readonly passPercentMin: number
  readonly passPercentMax: number
  /** To one supplier at most this much. */
  readonly supplierPercentMax: number
  /** To one whose credit is not above 0 by three standard errors at most this much. */
  readonly unprovenPercentMax: number
}

/** In percent of one payoff more than a seat's own choice can change in a round. */
export interface GameMandateConfig {
  /** Actions that it may choose; null is all. */
  readonly actions: readonly number[] | null
  /** What it sets aside for a round. */
  readonly depositPercentMax: number
  /** What a law that it signs may cost it more than the seats on average, in any case that is tried. */
  readonly disadvantagePercentMax: number
  /** What such a law may cost it where all seats do alike what is best for all then. */
  readonly lossPercentMax: number
}

/** The same as a file has it: all but the name has a default. */
export interface ModelConfigFile extends Partial<Omit<ModelConfig, 'name' | 'mandate'>> {
  readonly name: string
  readonly mandate?: MandateFile | null
}

/** The same of a mandate. */
export interface MandateFile extends Partial<Omit<MandateConfig, 'game' | 'forecast'>> {
  readonly game?: Partial<GameMandateConfig>
  readonly forecast?: Partial<ForecastMandateConfig>
}

const money = z.string().regex(/^\d{1,18}$/)

export const mandateSchema: z.ZodType<MandateConfig, unknown> = z.strictObject({
  requestPercentMax: z.number().min(0).max(100).default(100),
  requestPercentMin: z.number().min(0).max(100).default(0),
  allotmentPercentMin: z.number().min(0).max(100).default(75),
  harvestPercentMin: z.number().min(0).max(100).default(10),
  concessionPercentMax: z.number().min(0).default(50),
  collateralMicroMax: money.default('0'),
  game: z
    .strictObject({
      actions: z.array(z.int().min(0)).min(1).nullable().default(null),
      depositPercentMax: z.number().min(0).default(100),
      disadvantagePercentMax: z.number().min(0).default(25),
      lossPercentMax: z.number().min(0).default(50),
    })
    .prefault({}),
  forecast: z
    .strictObject({
      // What is left must hold the floors of all outcomes.
      poolPercentMin: z.number().min(0).max(80).default(25),
      passPercentMin: z.number().min(0).max(80).default(0),
      passPercentMax: z.number().min(0).max(80).default(50),
      supplierPercentMax: z.number().min(0).max(80).default(25),
      unprovenPercentMax: z.number().min(0).max(80).default(5),
    })
    .refine((limits) => limits.passPercentMin <= limits.passPercentMax, 'the least is not the most')
    .prefault({}),
})

export const modelConfigSchema: z.ZodType<ModelConfig, unknown> = z.strictObject({
  name: z.string().refine((text) => parseModelName(text) !== null, MODEL_NAME_FORMS),
  temperature: z.number().min(0).max(2).nullable().default(null),
  seed: z.int().nullable().default(null),
  replyTokensMax: z.int().min(64).max(65_536).default(4_096),
  memoryTokensMax: z.int().min(0).max(65_536).default(1_000),
  turnMs: z.int().positive().default(50_000),
  callsMax: z.int().min(1).max(64).default(4),
  tokensMax: z.int().positive().nullable().default(null),
  tokensPerEpochMax: z.int().positive().nullable().default(null),
  costMicroUsdMax: money.nullable().default(null),
  costMicroUsdPerEpochMax: money.nullable().default(null),
  price: z
    .strictObject({ promptMicroUsd: money, completionMicroUsd: money })
    .nullable()
    .default(null),
  cassette: z
    .strictObject({ path: z.string().min(1), mode: z.enum(CASSETTE_MODES) })
    .nullable()
    .default(null),
  showsHorizon: z.boolean().default(true),
  creditEvery: z.int().min(1).default(4),
  mandate: mandateSchema.nullable().prefault({}),
})
