import { dirname, resolve } from 'node:path'
import {
  type AgentId,
  agentIdSchema,
  fromHex,
  type Genesis,
  type Law,
  lawSchema,
  secretKeyOf,
} from '@commonweal/protocol'
import { z } from 'zod'
import {
  FAULT_KINDS,
  type Fault,
  SPELL_MS_DEFAULT,
  SPELL_MS_MAX,
  WIRE_KINDS,
} from './adversary/kinds.ts'
import { ADVERSARY_FORMS } from './agent/adversary/policy.ts'
import {
  type AssistantConfig,
  type AssistantConfigFile,
  assistantConfigSchema,
} from './agent/assistant/assistant-config.ts'
import type { WeatherResolution } from './agent/forecast/weather/registrar.ts'
import {
  type MandateConfig,
  type ModelConfig,
  type ModelConfigFile,
  modelConfigSchema,
} from './agent/llm/model-config.ts'
import {
  type PluginConfig,
  type PluginConfigFile,
  pluginConfigSchema,
} from './agent/plugin/plugin-config.ts'
import { type Prosociality, parseProsociality } from './agent/prosocial.ts'
import { POLICY_FORMS, type Policy, parsePolicy } from './agent/utility/policy.ts'
import { parseShape, readJson, readText } from './document.ts'
import { ConfigError } from './errors.ts'
import { loadGenesis } from './genesis-file.ts'
import type { LinkConditions } from './network/impaired-host.ts'
import { type OutsideConfig, outsideConfigSchema } from './outside/outside-config.ts'
import { KEEP_EPOCHS_MIN } from './store/progress.ts'

/** All that a node needs to know before it starts, read and checked. */
export interface NodeConfig {
  /** Of this node, for people and logs. */
  readonly name: string
  /** The node's own folder: `node.db`, `node.log`, `api-token`, `crash-*.json`. */
  readonly dataFolder: string
  readonly genesis: Genesis
  /** Ed25519 seed, 32 bytes: agent and peer id. */
  readonly secretKey: Uint8Array
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[]
  /** Multiaddrs that end in `/p2p/<peer id>`. */
  readonly bootNodes: readonly string[]
  readonly isBootNode: boolean
  /** Address of the HTTP API; null for none. */
  readonly api: { readonly host: string; readonly port: number } | null
  /** Agents outside the network that may talk to this node's agent; null keeps them out. [with a token of their own] */
  readonly outside?: OutsideConfig | null
  readonly agent: {
    readonly policy: Policy
    readonly prosociality: Prosociality
    /** The one law that the agent speaks for, as the limit of a cap or whole; null where it finds its own. */
    readonly law: string | Law | null
    /** The policy that it turns to from a round on; null where it stays what it is. */
    readonly turn: { readonly policy: Policy; readonly fromRound: number } | null
    /** How long it may think about one question, in ms; null is as long as a turn lasts. */
    readonly timeoutMs: number | null
    /** Its part in forecasting the weather; null where it has none. */
    readonly weather: WeatherConfig | null
    /** The language model that decides in the place of the policy; null where there is none. */
    readonly model: ModelConfig | null
    /** The assistant outside that decides, the policy standing in for it; null where there is none. */
    readonly assistant: AssistantConfig | null
    /** The operator's own module that decides, the policy standing in for it; null where there is none. */
    readonly plugin: PluginConfig | null
  }
  /** Whether the node does a validator's duties while it has stake. */
  readonly votes: boolean
  /** Of a seeded run: beacon shares follow from it, so that every run is the same; else null. */
  readonly seed: string | null
  /** What an experiment puts between the node and its peers; null for nothing. */
  readonly links: LinkConditions | null
  /** How a node without data comes to the state of a network that runs already; null for one that starts with it. */
  readonly join: JoinConfig | null
  /** [null] Epochs before the current one whose blocks, receipts and events are kept; null keeps all. */
  readonly keepEpochs?: number | null
  /** [{@link SNAPSHOT_BEHIND_BLOCKS}] */
  readonly snapshotBehindBlocks?: number
  /** What the node does against the protocol; null for an honest one. */
  readonly fault: Fault | null
  readonly logLevel: LogLevel
}

/** Blocks behind its peers from which on a node takes a snapshot instead of them. */
export const SNAPSHOT_BEHIND_BLOCKS = 10_000

export interface JoinConfig {
  /** Path of `checkpoint.json`; null trusts the genesis alone. */
  readonly checkpoint: string | null
  /** Peers whose heads are compared: the node waits for as many, or for all that it finds in `patienceMs`. */
  readonly headCountMin: number
  readonly patienceMs: number
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** An agent that forecasts the weather of a series, or asks about it. */
export interface WeatherConfig {
  /** `registrar`, or what `parseWeatherRole` takes: `data:wind`, `signal:markov`, `forecaster`. */
  readonly role: string
  /** The file of the series. */
  readonly series: string
  /** First day that is asked about: what lies before it is public. */
  readonly first: string
  /**
   * Of a registrar: about how many days it asks, for how many heights each question takes statements, and who answers it:
   * the series as a data set, or whoever bonds for what it has seen.
   */
  readonly asks: {
    readonly dayCount: number
    readonly windowHeights: number
    readonly resolution: WeatherResolution
  } | null
  readonly suppliers: readonly AgentId[]
  /** So many heights before a question closes it waits for its suppliers no more. */
  readonly marginHeights: number
  /** [false] Whether it serves also who pays nothing. */
  readonly servesAll?: boolean | undefined
}

/** The public test key of agent `index` of a local network, or a file with 64 hex digits. */
export type KeyConfig =
  | { readonly file: string }
  | { readonly seed: string; readonly index: number }

/**
 * The file that `process.ts --config` reads: JSON, paths relative to the file. What is left out has the default that is
 * written beside it.
 */
export interface ConfigFile {
  /** [`node`] */
  readonly name?: string | undefined
  readonly dataFolder: string
  /** Path of the genesis document. */
  readonly genesis: string
  readonly key: KeyConfig
  /** [`/ip4/127.0.0.1/tcp/0`] */
  readonly listen?: string[] | undefined
  readonly bootNodes?: string[] | undefined
  readonly isBootNode?: boolean | undefined
  /** [127.0.0.1, any port] */
  readonly api?:
    | { readonly host?: string | undefined; readonly port?: number | undefined }
    | null
    | undefined
  /** [no url, the usual mandate] */
  readonly outside?:
    | { readonly url?: string | null; readonly mandate?: Partial<MandateConfig> }
    | null
    | undefined
  /** [`utility`, λ = 0] `prosociality` as a person writes it: "0.6", "alpha=.5", "theta=22deg". */
  readonly agent?:
    | {
        readonly policy?: string | undefined
        readonly prosociality?: string | undefined
        readonly law?: string | Law | null | undefined
        readonly turn?: { readonly policy: string; readonly fromRound: number } | null | undefined
        readonly timeoutMs?: number | null | undefined
        readonly weather?: WeatherConfig | null | undefined
        readonly model?: ModelConfigFile | null | undefined
        readonly assistant?: AssistantConfigFile | null | undefined
        readonly plugin?: PluginConfigFile | null | undefined
      }
    | undefined
  /** [true] */
  readonly votes?: boolean | undefined
  readonly seed?: string | null | undefined
  readonly links?: LinkConditions | null | undefined
  /** [null: starts with the network] 3 heads, 10 s. */
  readonly join?:
    | {
        readonly checkpoint?: string | null | undefined
        readonly headCountMin?: number | undefined
        readonly patienceMs?: number | undefined
      }
    | null
    | undefined
  /** [null: all] Epochs before the current one whose blocks, receipts and events are kept: 2 or more. */
  readonly keepEpochs?: number | null | undefined
  /** [10 000] Blocks behind its peers from which on the node takes a snapshot instead of them. */
  readonly snapshotBehindBlocks?: number | undefined
  /** [null: honest; epoch 1, 1.5 s] A `crash` ends the process, each time that it is started with this line. */
  readonly fault?:
    | {
        readonly kind: Fault['kind']
        readonly fromEpoch?: number | undefined
        readonly spellMs?: number | undefined
      }
    | null
    | undefined
  /** [`info`] */
  readonly logLevel?: LogLevel | undefined
}

const keySchema: z.ZodType<KeyConfig> = z.union([
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({ seed: z.string(), index: z.int().min(0) }),
])

const weatherSchema: z.ZodType<WeatherConfig> = z.strictObject({
  role: z.string().min(1),
  series: z.string().min(1),
  first: z.string(),
  asks: z
    .strictObject({
      dayCount: z.int().positive(),
      windowHeights: z.int().min(8),
      resolution: z.enum(['record', 'assertion']).default('record'),
    })
    .nullable(),
  suppliers: z.array(agentIdSchema).max(32),
  marginHeights: z.int().min(1),
  servesAll: z.boolean().default(false),
})

const linksSchema: z.ZodType<LinkConditions> = z.strictObject({
  latencyMs: z.number().min(0),
  jitterMs: z.number().min(0),
  loss: z.number().min(0).max(1),
})

const configFileSchema = z.strictObject({
  name: z.string().min(1).max(64).default('node'),
  dataFolder: z.string().min(1),
  /** Path of the genesis document. */
  genesis: z.string().min(1),
  /** A file with 64 hex digits, or the public test key of an agent of a local network. */
  key: keySchema,
  listen: z.array(z.string()).max(16).default(['/ip4/127.0.0.1/tcp/0']),
  bootNodes: z.array(z.string()).max(64).default([]),
  isBootNode: z.boolean().default(false),
  api: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(0),
    })
    .nullable()
    .default({ host: '127.0.0.1', port: 0 }),
  outside: outsideConfigSchema.nullable().prefault({}),
  agent: z
    .strictObject({
      policy: z.string().default('utility'),
      prosociality: z.string().default('0'),
      law: z.union([z.string(), lawSchema]).nullable().default(null),
      turn: z
        .strictObject({ policy: z.string(), fromRound: z.int().positive() })
        .nullable()
        .default(null),
      timeoutMs: z.int().positive().nullable().default(null),
      weather: weatherSchema.nullable().default(null),
      model: modelConfigSchema.nullable().default(null),
      assistant: assistantConfigSchema.nullable().default(null),
      plugin: pluginConfigSchema.nullable().default(null),
    })
    .refine(
      ({ model, assistant, plugin }) =>
        [model, assistant, plugin].filter((decider) => decider !== null).length <= 1,
      'a model, an assistant or a plugin',
    )
    .prefault({}),
  votes: z.boolean().default(true),
  seed: z.string().nullable().default(null),
  links: linksSchema.nullable().default(null),
  join: z
    .strictObject({
      checkpoint: z.string().nullable().default(null),
      headCountMin: z.int().min(1).max(64).default(3),
      patienceMs: z.int().positive().default(10_000),
    })
    .nullable()
    .default(null),
  keepEpochs: z.int().min(KEEP_EPOCHS_MIN).nullable().default(null),
  snapshotBehindBlocks: z.int().min(1).default(SNAPSHOT_BEHIND_BLOCKS),
  fault: z
    .strictObject({
      kind: z.enum([...FAULT_KINDS, ...WIRE_KINDS]),
      fromEpoch: z.int().min(1).default(1),
      spellMs: z.int().min(1).max(SPELL_MS_MAX).default(SPELL_MS_DEFAULT),
    })
    .nullable()
    .default(null),
  logLevel: z.enum(LOG_LEVELS).default('info'),
})

/**
 * Reads a node's configuration and everything that it names.
 *
 * Errors  ConfigError: the key, what was given, what is accepted.
 */
export function loadConfig(path: string): NodeConfig {
  const file = parseShape('config', configFileSchema, readJson('--config', path))
  const folder = dirname(resolve(path))
  const at = (name: string): string => resolve(folder, name)
  const { join } = file
  const { model, turn, plugin } = file.agent
  return {
    ...file,
    dataFolder: at(file.dataFolder),
    genesis: loadGenesis(at(file.genesis)),
    secretKey: loadKey(file.key, at),
    agent: {
      ...file.agent,
      policy: parsePolicyName('agent.policy', file.agent.policy),
      turn:
        turn === null
          ? null
          : { ...turn, policy: parsePolicyName('agent.turn.policy', turn.policy) },
      prosociality: parseWeight(file.agent.prosociality),
      weather:
        file.agent.weather === null
          ? null
          : { ...file.agent.weather, series: at(file.agent.weather.series) },
      model: model === null ? null : { ...model, cassette: cassetteAt(model, at) },
      plugin: plugin === null ? null : { ...plugin, path: at(plugin.path) },
    },
    join:
      join === null
        ? null
        : { ...join, checkpoint: join.checkpoint === null ? null : at(join.checkpoint) },
  }
}

function cassetteAt(
  { cassette }: ModelConfig,
  at: (name: string) => string,
): ModelConfig['cassette'] {
  return cassette === null ? null : { ...cassette, path: at(cassette.path) }
}

const SECRET_KEY = /^[0-9a-f]{64}$/

function loadKey(key: KeyConfig, at: (name: string) => string): Uint8Array {
  if ('seed' in key) return secretKeyOf(key.seed, key.index)
  const text = readText('key.file', at(key.file)).trim()
  if (!SECRET_KEY.test(text)) {
    throw new ConfigError('key.file', `a text of ${text.length} characters`, '64 hex digits')
  }
  return fromHex(text)
}

function parsePolicyName(key: string, text: string): Policy {
  const policy = parsePolicy(text)
  if (policy.ok) return policy.value
  throw new ConfigError(key, text, `${POLICY_FORMS}, ${ADVERSARY_FORMS}`)
}

function parseWeight(text: string): Prosociality {
  const weight = parseProsociality(text)
  if (weight.ok) return weight.value
  throw new ConfigError(
    'agent.prosociality',
    text,
    'λ ≥ 0 such as 0.6 or inf, alpha=0.5, theta=22deg',
  )
}
