import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  findEndpoint,
  isPluginPath,
  loadPlugin,
  MODEL_NAME_FORMS,
  type ModelConfigFile,
  PLUGIN_FORMS,
  type PluginConfigFile,
  type PluginDoor,
  parseModelName,
} from '@commonweal/node/agent'
import { InvalidArgumentError } from 'commander'
import { type SeatAdversary, splitList, stretch } from './experiment-options.ts'
import { UsageError } from './usage-error.ts'

const AGENT_KINDS = ['utility', 'llm', 'assistant'] as const
/** What `--agent` takes, for help. */
export const AGENT_FORMS: string = [...AGENT_KINDS, PLUGIN_FORMS].join(', ')
/** One of the names, or a file of the operator's own. */
export type AgentKind = (typeof AGENT_KINDS)[number] | { readonly file: string }

export const THINK_SECONDS_DEFAULT = 60
export const THINK_SECONDS_MAX = 600
/** Part of a turn that the model has; the rest is for the answer to get into a block. */
const MODEL_PART = 0.8

/** The flags about language models as commander hands them over. */
export interface ModelFlags {
  readonly agent: readonly AgentKind[]
  /** Whether files of the operator's own are held to the mandate of language models. */
  readonly mandate: boolean
  /** Nodes that play something else whatever `agent` says. */
  readonly adversary: readonly SeatAdversary[]
  readonly model?: readonly string[]
  /** Seconds. */
  readonly think?: number
  /** Millionths of a dollar, for all nodes together. */
  readonly maxCost?: bigint
  readonly price?: readonly ModelPrice[]
  readonly record?: string
  readonly replay?: string
}

type ModelPrice = NonNullable<ModelConfigFile['price']>

/** Who decides for each node: a model, an assistant outside, a module of one's own, or a policy where none of them does. */
export interface Models {
  readonly byNode: readonly (ModelConfigFile | null)[]
  readonly isAssistant: readonly boolean[]
  readonly plugins: readonly (PluginConfigFile | null)[]
  /** How long they may think; null where the network is to be as fast as policies are. */
  readonly thinkMs: number | null
}

/** Whether anybody but policies decides. */
export function isAnyoneAsked({ byNode, isAssistant, plugins }: Models): boolean {
  return isAssistant.includes(true) || [...byNode, ...plugins].some((asked) => asked !== null)
}

/** Looks whether each module is an agent, before anything starts. Errors  PluginError */
export async function checkPlugins({ plugins }: Models, door: PluginDoor): Promise<void> {
  for (const plugin of plugins) if (plugin !== null) await loadPlugin(plugin.path, { door })
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Puts the flags about models together, and looks whether each can be asked, before anything starts.
 *
 * Errors  UsageError
 */
export function createModels(flags: ModelFlags, nodes: number, environment: Environment): Models {
  const adversaries = new Set(
    flags.adversary.flatMap((one) => ('policy' in one ? [one.index] : [])),
  )
  const kinds = stretch('--agent', flags.agent, nodes).map((kind, index) =>
    adversaries.has(index) ? 'utility' : kind,
  )
  const seats = kinds.flatMap((kind, index) => (kind === 'llm' ? [index] : []))
  const isAssistant = kinds.map((kind) => kind === 'assistant')
  const plugins = kinds.map((kind) => (typeof kind === 'string' ? null : pluginOf(kind, flags)))
  if (flags.mandate && plugins.every((plugin) => plugin === null)) throw unguarded()
  const isAsked = seats.length > 0 || isAssistant.includes(true)
  const thinkSeconds = flags.think ?? (isAsked ? THINK_SECONDS_DEFAULT : null)
  const thinkMs = thinkSeconds === null ? null : thinkSeconds * 1_000
  if (seats.length === 0) {
    checkUnused(flags)
    return { byNode: kinds.map(() => null), isAssistant, plugins, thinkMs }
  }
  if (flags.model === undefined) {
    throw new UsageError(`--agent llm needs --model: ${MODEL_NAME_FORMS}`)
  }
  const names = stretchOver('--model', flags.model, seats.length, nodes)
  const prices =
    flags.price === undefined ? [] : stretchOver('--price', flags.price, seats.length, nodes)
  const cassette = chooseCassette(flags)
  if (cassette?.mode !== 'replay-only') checkEndpoints(names, environment)
  if (flags.maxCost !== undefined && cassette?.mode !== 'replay-only') {
    checkPrices(names, prices, environment)
  }
  const configs = seats.map((_, place): ModelConfigFile => {
    const price = prices[place]
    return {
      name: names[place] ?? '',
      ...(thinkMs === null ? {} : { turnMs: Math.round(thinkMs * MODEL_PART) }),
      ...(price === undefined ? {} : { price }),
      ...(flags.maxCost === undefined
        ? {}
        : { costMicroUsdMax: String(flags.maxCost / BigInt(seats.length)) }),
      ...(cassette === null ? {} : { cassette }),
    }
  })
  return {
    byNode: kinds.map((_, index) => configs[seats.indexOf(index)] ?? null),
    isAssistant,
    plugins,
    thinkMs,
  }
}

/** The mandate of models and assistants is there without being asked for; policies have none. */
export function unguarded(): UsageError {
  return new UsageError('--mandate needs --agent <file>')
}

/** What a node's configuration says of a file of the operator's own. */
export function pluginOf(
  { file }: { readonly file: string },
  { mandate }: Pick<ModelFlags, 'mandate'>,
): PluginConfigFile {
  return { path: resolve(file), ...(mandate ? { mandate: {} } : {}) }
}

/** How to let a model decide, for somebody who could; undefined where there is nothing to say. */
export function describeModelHint(models: Models, environment: Environment): string | undefined {
  const key = ['OPENAI_BASE_URL', 'OPENAI_API_KEY'].find((name) => (environment[name] ?? '') !== '')
  if (key === undefined || isAnyoneAsked(models)) return undefined
  return `${key} is set: with --agent llm --model <name> a language model decides for the agents.`
}

export function parseAgentKinds(text: string): readonly AgentKind[] {
  return splitList(text).map((entry) => {
    const kind = AGENT_KINDS.find((known) => known === entry)
    if (kind !== undefined) return kind
    if (isPluginPath(entry)) return { file: entry }
    throw new InvalidArgumentError(`«${entry}» is no agent. Accepted: ${AGENT_FORMS}.`)
  })
}

export function parseOneFile(text: string): string {
  if (isPluginPath(text)) return text
  throw new InvalidArgumentError(`«${text}» is no agent. Accepted: ${PLUGIN_FORMS}.`)
}

export function parseModelNames(text: string): readonly string[] {
  const names = splitList(text)
  const wrong = names.find((name) => parseModelName(name) === null)
  if (wrong === undefined) return names
  throw new InvalidArgumentError(`«${wrong}» names no model. Accepted: ${MODEL_NAME_FORMS}.`)
}

export function parseOneModel(text: string): string {
  const [name, ...more] = parseModelNames(text)
  if (name !== undefined && more.length === 0) return name
  throw new InvalidArgumentError('Accepted: one model.')
}

/** Dollars with up to six decimals, in millionths. */
export function parseDollars(text: string): bigint {
  const [, whole, fraction = ''] = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(text.trim()) ?? []
  if (whole !== undefined) return BigInt(whole + fraction.padEnd(6, '0'))
  throw new InvalidArgumentError('Accepted: dollars such as 2 or 0.25, with up to six decimals.')
}

/** `0.25/2`: dollars for a million tokens that are read, and for a million that are written. */
export function parsePrices(text: string): readonly ModelPrice[] {
  return splitList(text).map((entry) => {
    const [prompt, completion, more] = entry.split('/')
    if (prompt === undefined || completion === undefined || more !== undefined) {
      throw new InvalidArgumentError(
        'Accepted: dollars for a million tokens read and written, such as 0.25/2.',
      )
    }
    return {
      promptMicroUsd: String(parseDollars(prompt)),
      completionMicroUsd: String(parseDollars(completion)),
    }
  })
}

/** One entry a model, or one a node, of which those of other agents do not count. */
function stretchOver<T>(
  flag: string,
  entries: readonly T[],
  count: number,
  nodes: number,
): readonly T[] {
  if (entries.length === 1 || entries.length === count) return stretch(flag, entries, count)
  throw new UsageError(
    `${flag} has ${entries.length} entries for ${count} agents with a model among ${nodes} nodes; give one for all, or ${count}`,
  )
}

function checkUnused(flags: ModelFlags): void {
  const { model, maxCost, price, record, replay } = flags
  const given = {
    '--model': model,
    '--max-cost': maxCost,
    '--price': price,
    '--record': record,
    '--replay': replay,
  }
  const [flag] = Object.entries(given).find(([, value]) => value !== undefined) ?? []
  if (flag !== undefined) throw new UsageError(`${flag} needs --agent llm`)
}

/** Both flags with one file: what is in it is not asked again, the rest is, and is added. */
export function chooseCassette({
  record,
  replay,
}: Pick<ModelFlags, 'record' | 'replay'>): NonNullable<ModelConfigFile['cassette']> | null {
  if (record !== undefined && replay !== undefined) {
    if (resolve(record) === resolve(replay)) return { path: resolve(record), mode: 'replay' }
    throw new UsageError('--record and --replay together need the same file')
  }
  if (record !== undefined) {
    if (existsSync(record)) throw new UsageError(`--record ${record}: the file is there already`)
    return { path: resolve(record), mode: 'record' }
  }
  if (replay === undefined) return null
  if (!existsSync(replay)) throw new UsageError(`--replay ${replay}: there is no such file`)
  return { path: resolve(replay), mode: 'replay-only' }
}

/** Errors  UsageError: a server or a key that is missing. */
export function checkEndpoints(names: readonly string[], environment: Environment): void {
  for (const text of names) {
    const name = parseModelName(text)
    const endpoint = name === null ? undefined : findEndpoint(name, environment)
    if (endpoint !== undefined && 'missing' in endpoint) {
      throw new UsageError(`the model ${text} needs ${endpoint.missing} in the environment`)
    }
  }
}

function checkPrices(
  names: readonly string[],
  prices: readonly ModelPrice[],
  environment: Environment,
): void {
  for (const [index, text] of names.entries()) {
    const name = parseModelName(text)
    const endpoint = name === null ? undefined : findEndpoint(name, environment)
    if (endpoint === undefined || 'missing' in endpoint || prices[index] !== undefined) continue
    if (endpoint.isFree || endpoint.preset === 'openrouter') continue
    throw new UsageError(
      `--max-cost needs --price for ${text}: dollars for a million tokens read and written, such as 0.25/2`,
    )
  }
}
