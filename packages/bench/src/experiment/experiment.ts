import { SPELL_MS_DEFAULT, SPELL_MS_MAX } from '@commonweal/node/adversary'
import { DIGEST_FORM, parseProsociality } from '@commonweal/node/agent'
import { type Law, lawSchema } from '@commonweal/protocol'
import { z } from 'zod'
import type { JsonValue } from './canonical-json.ts'
import {
  type CassetteSettings,
  LLM_POLICY,
  type LlmFile,
  type LlmSettings,
  llmSchema,
  settingsOf,
} from './llm/llm-settings.ts'
import { type Scenario, scenarioSchema } from './scenario.ts'
import { strictFields } from './strict-fields.ts'

/** Most seats of a run, as many as a subnet instance has. */
export const SEAT_COUNT_MAX = 64
/** Most seeds of an experiment. */
const SEED_COUNT_MAX = 100_000
const SEED_COUNT_DEFAULT = 10
/** Most axes of a sweep, and most values of one. */
const AXIS_COUNT_MAX = 16
const AXIS_VALUE_COUNT_MAX = 1_000
const NAME_FORM = /^[a-z0-9][a-z0-9._-]{0,63}$/
/** What the seed of a network may be. */
const SEED_FORM = /^[A-Za-z0-9._-]{1,32}$/

/** An experiment as its file says it, defaults filled in. */
export interface Experiment extends Design {
  /** Dollars that its runs may spend on models altogether; null for no limit. */
  readonly maxCost: number | null
  /** Where the answers of models are recorded and found again; null where they are not. */
  readonly cassette: CassetteSettings | null
  /** Where the paths of files begin that it names as policies; left out where it names none. */
  readonly folder?: string
}

/** All of an experiment that its results follow from. Every cell is run with every seed. */
export interface Design {
  readonly name: string
  readonly description: string
  readonly seeds: readonly string[]
  /** One where nothing is swept. The first axis changes slowest. */
  readonly cells: readonly Cell[]
}

/** One point of the grid. */
export interface Cell {
  /** What the sweep has set here, by path. */
  readonly values: CellValues
  readonly condition: Condition
}

export type CellValues = Readonly<Record<string, JsonValue>>

/** All that fixes a run but its seed. */
export interface Condition {
  readonly scenario: Scenario
  /** Who sits where: the first entry has the first seats. Empty in a forecast, whose chain seats itself. */
  readonly population: readonly Members[]
  readonly contract: 'none' | 'text' | 'law'
  /**
   * In a commons the limit of the cap that all bargain over, as "stock / 10". A whole law is one that all propose and accept.
   * Null leaves them all of theirs.
   */
  readonly law: string | Law | null
  /** What a clause may name: the admissible class of mechanisms. */
  readonly language: 'full' | 'stock-cap' | 'own-action' | 'base-actions'
  /** 1: a contract is for the round after the one in which it is negotiated. */
  readonly contractDelay: 0 | 1
  readonly adversaries: readonly Adversaries[]
  readonly fidelity: 'rounds' | 'sim' | 'net'
  /** Conditions of the network, for `sim` and `net`. */
  readonly network: NetworkConditions
  /** How models are asked; null where no seat asks one. */
  readonly llm: LlmSettings | null
}

/** Agents that are alike. */
export interface Members {
  /** By name, or the path of a file of the operator's own. */
  readonly policy: string
  /** Of the policy `llm`, and of no other. */
  readonly model?: string
  /** SHA-256 of such a file, in hex. */
  readonly digest?: string
  readonly count: number
  /** λ, or as text: "inf", "alpha=0.5", "theta=20". */
  readonly prosociality: number | string
}

/** Adversaries take the last seats, from a round on; until then the seat plays as its entry of the population says. */
export interface Adversaries {
  readonly kind: string
  readonly count: number | null
  /** Of all seats, rounded to the nearest number; null where a count is given. */
  readonly share: number | null
  readonly fromRound: number
  /** How long a crash, a pause or a partition lasts. */
  readonly spellMs: number
}

export interface NetworkConditions {
  readonly latencyMs: number
  /** Up to this much more, drawn for each message. */
  readonly jitterMs: number
  /** Part of all messages that are lost. */
  readonly loss: number
  /** Nodes that nobody else hears between two instants. */
  readonly partitions: readonly {
    readonly nodes: readonly number[]
    readonly fromMs: number
    readonly toMs: number
  }[]
  readonly crashes: readonly {
    readonly node: number
    readonly atMs: number
    readonly restartAtMs: number
  }[]
}

const prosocialitySchema = z
  .preprocess(
    (value) => (value === Number.POSITIVE_INFINITY ? 'inf' : value),
    z.union([z.number(), z.string()]),
  )
  .refine((value) => parseProsociality(String(value)).ok)

const memberSchema = strictFields({
  policy: z.string().min(1).max(256).default('utility'),
  model: z.exactOptional(z.string().min(1).max(256)),
  digest: z.exactOptional(z.string().regex(DIGEST_FORM, 'accepted: 64 hex digits')),
  count: z.int().min(0).max(SEAT_COUNT_MAX).default(1),
  prosociality: z
    .custom<number | string>((value) => prosocialitySchema.safeParse(value).success, {
      error: 'accepted: λ as a number from 0 or as text: "inf", "alpha=0.5", "theta=20"',
    })
    .transform((value) => (value === Number.POSITIVE_INFINITY ? 'inf' : value))
    .default(0),
})

const adversarySchema = strictFields({
  kind: z.string().min(1).max(256),
  count: z.int().min(0).max(SEAT_COUNT_MAX).nullable().default(null),
  share: z.number().min(0).max(1).nullable().default(null),
  fromRound: z.int().min(1).max(1_000).default(1),
  spellMs: z.int().min(1).max(SPELL_MS_MAX).default(SPELL_MS_DEFAULT),
}).refine(({ count, share }) => (count === null) !== (share === null), {
  error: 'accepted: either count or share',
})

const instant = z.int().min(0).max(86_400_000)
const networkSchema = strictFields({
  latencyMs: z.number().min(0).max(60_000).default(5),
  jitterMs: z.number().min(0).max(60_000).default(10),
  loss: z.number().min(0).max(1).default(0),
  partitions: z
    .array(
      strictFields({
        nodes: z
          .array(
            z
              .int()
              .min(0)
              .max(SEAT_COUNT_MAX - 1),
          )
          .min(1),
        fromMs: instant.default(0),
        toMs: instant,
      }),
    )
    .default([]),
  crashes: z
    .array(
      strictFields({
        node: z
          .int()
          .min(0)
          .max(SEAT_COUNT_MAX - 1),
        atMs: instant,
        restartAtMs: instant,
      }),
    )
    .default([]),
})

const seedSchema = z
  .union([z.int().min(0), z.string().regex(SEED_FORM)], {
    error: 'accepted: a whole number, or 1 to 32 letters, digits, dots, dashes or underscores',
  })
  .transform(String)
const seedsSchema = z
  .union([z.int().min(1).max(SEED_COUNT_MAX), z.array(seedSchema).min(1).max(SEED_COUNT_MAX)], {
    error: `accepted: how many, from 1 to ${SEED_COUNT_MAX}, or a list of seeds`,
  })
  .transform((seeds) => (typeof seeds === 'number' ? firstSeeds(seeds) : seeds))
  .refine((seeds) => new Set(seeds).size === seeds.length, 'accepted: each seed once')

const axisValues = z.array(z.json()).min(1).max(AXIS_VALUE_COUNT_MAX)
const axes = z
  .record(z.string(), axisValues)
  .refine(
    (paths) => Object.keys(paths).length <= AXIS_COUNT_MAX,
    `accepted: at most ${AXIS_COUNT_MAX} paths`,
  )

/** A file with its sweep still to be carried out. */
export interface ExperimentFile
  extends Omit<Condition, 'llm'>,
    Omit<Experiment, 'cells' | 'cassette'> {
  readonly llm: LlmFile | null
  readonly sweep: Readonly<Record<string, readonly JsonValue[]>>
  readonly zip: Readonly<Record<string, readonly JsonValue[]>>
}

export const experimentFileSchema: z.ZodType<ExperimentFile, unknown> = strictFields({
  name: z
    .string()
    .regex(NAME_FORM, 'accepted: up to 64 lower-case letters, digits, dots, dashes, underscores')
    .default('experiment'),
  description: z.string().max(4_096).default(''),
  scenario: scenarioSchema.default(scenarioSchema.parse({ kind: 'commons' })),
  population: z.array(memberSchema).max(SEAT_COUNT_MAX).optional(),
  contract: z.enum(['none', 'text', 'law']).default('none'),
  law: z
    .union([z.string().min(1), lawSchema], {
      error: 'accepted: the limit of a cap such as "stock / 10", or {clauses: […]}',
    })
    .nullable()
    .default(null),
  language: z.enum(['full', 'stock-cap', 'own-action', 'base-actions']).default('full'),
  contractDelay: z.union([z.literal(0), z.literal(1)], { error: 'accepted: 0 or 1' }).default(0),
  adversaries: z.array(adversarySchema).max(SEAT_COUNT_MAX).default([]),
  fidelity: z.enum(['rounds', 'sim', 'net']).default('rounds'),
  network: networkSchema.default(networkSchema.parse({})),
  seeds: seedsSchema.default(firstSeeds(SEED_COUNT_DEFAULT)),
  sweep: axes.default({}),
  zip: axes.default({}),
  llm: llmSchema.nullable().default(null),
  maxCost: z.number().min(0).nullable().default(null),
}).transform(({ population, ...file }) => ({
  ...file,
  population: population ?? defaultPopulation(file.scenario),
}))

/**
 * What is not in force is not part of the condition, as a law without a contract or models that nobody asks: whatever the file
 * says of it, the run is the same.
 */
export function conditionOf(file: ExperimentFile): Condition {
  const { scenario, contract, language, contractDelay, adversaries } = file
  const law = contract === 'law' ? file.law : null
  const population = file.population.map((members) => withModel(members, file.llm?.model ?? null))
  const { fidelity, network } = file
  const asksModels = population.some(({ policy }) => policy === LLM_POLICY)
  const llm = asksModels ? settingsOf(file.llm) : null
  const setting = { scenario, population, contract, law, language, contractDelay, adversaries }
  return { ...setting, fidelity, network, llm }
}

function withModel(members: Members, model: string | null): Members {
  const isMissing = members.policy === LLM_POLICY && members.model === undefined
  if (!isMissing || model === null) return members
  const { policy, count, prosociality } = members
  // In the order of the schema, in which a manifest is read again.
  return { policy, model, count, prosociality }
}

/** 1, 2, 3, … */
export function firstSeeds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1))
}

function defaultPopulation({ kind }: Scenario): readonly Members[] {
  if (kind === 'forecast') return []
  return [{ policy: 'utility', count: kind === 'game' ? 2 : 5, prosociality: 0 }]
}
