/** Servers that speak the OpenAI protocol, each with its own ways. `other` is one that we know nothing of. */
export const PRESET_NAMES = [
  'openai',
  'openrouter',
  'ollama',
  'vllm',
  'llama.cpp',
  'lmstudio',
  'other',
] as const
export type PresetName = (typeof PRESET_NAMES)[number]

/**
 * How a server is asked for a reply of a certain shape, from the strictest on. One that refuses a form is asked in the next.
 *
 * `words`: the schema stands in the prompt alone.
 */
export type OutputForm = 'strict-schema' | 'schema' | 'json' | 'words'

interface Preset {
  readonly baseUrl: string | null
  /** Where the key is; a server without one still needs some text in the header. */
  readonly keyName: string
  readonly isKeyNeeded: boolean
  readonly forms: readonly OutputForm[]
  readonly tokensParameter: 'max_tokens' | 'max_completion_tokens'
  /** Fields that only this server knows. */
  readonly extra: Readonly<Record<string, unknown>>
  /** Whether it runs on the operator's own machine, where tokens cost nothing. */
  readonly isFree: boolean
}

const LOCAL: Omit<Preset, 'baseUrl' | 'keyName'> = {
  isKeyNeeded: false,
  forms: ['schema', 'json', 'words'],
  tokensParameter: 'max_tokens',
  extra: {},
  isFree: true,
}

const PRESETS: Readonly<Record<PresetName, Preset>> = {
  openai: {
    baseUrl: 'https://api.openai.com/v1',
    keyName: 'OPENAI_API_KEY',
    isKeyNeeded: true,
    forms: ['strict-schema', 'schema', 'json', 'words'],
    // Reasoning models refuse `max_tokens`.
    tokensParameter: 'max_completion_tokens',
    extra: {},
    isFree: false,
  },
  openrouter: {
    baseUrl: 'https://openrouter.ai/api/v1',
    keyName: 'OPENROUTER_API_KEY',
    isKeyNeeded: true,
    forms: ['strict-schema', 'json', 'words'],
    tokensParameter: 'max_tokens',
    // Without the first it may choose a provider that ignores the schema; the second makes it say what a call cost.
    extra: { provider: { require_parameters: true }, usage: { include: true } },
    isFree: false,
  },
  ollama: { ...LOCAL, baseUrl: 'http://127.0.0.1:11434/v1', keyName: 'OLLAMA_API_KEY' },
  vllm: { ...LOCAL, baseUrl: 'http://127.0.0.1:8000/v1', keyName: 'VLLM_API_KEY' },
  'llama.cpp': { ...LOCAL, baseUrl: 'http://127.0.0.1:8080/v1', keyName: 'LLAMA_API_KEY' },
  // It refuses `json_object`.
  lmstudio: {
    ...LOCAL,
    baseUrl: 'http://127.0.0.1:1234/v1',
    keyName: 'LM_API_TOKEN',
    forms: ['schema', 'words'],
  },
  other: {
    ...LOCAL,
    baseUrl: null,
    keyName: 'OPENAI_API_KEY',
    forms: ['strict-schema', 'schema', 'json', 'words'],
    isFree: false,
  },
}

/** A model at a server, ready to be asked. */
export interface Endpoint extends Omit<Preset, 'keyName' | 'baseUrl' | 'isKeyNeeded'> {
  readonly preset: PresetName
  readonly model: string
  readonly baseUrl: string
  readonly apiKey: string
}

/** What is written for a model: `gpt-5-mini`, `ollama:qwen3:8b`, `vllm:Qwen/Qwen3-8B@http://gpu:8000/v1`. */
export interface ModelName {
  readonly preset: PresetName | null
  readonly model: string
  readonly baseUrl: string | null
}

export const MODEL_NAME_FORMS: string =
  'a model such as gpt-5-mini, ollama:qwen3:8b, openrouter:vendor/model, or vllm:name@http://host:8000/v1'

/** Only a known preset before the first colon is one: names of models have colons too. `null` where there is no model. */
export function parseModelName(text: string): ModelName | null {
  const [, name, baseUrl] = /^(.*?)(?:@(https?:\/\/[^\s@]+))?$/.exec(text.trim()) ?? []
  if (name === undefined) return null
  const prefix = name.slice(0, Math.max(0, name.indexOf(':')))
  const preset = PRESET_NAMES.find((known) => known === prefix) ?? null
  const model = preset === null ? name : name.slice(prefix.length + 1)
  if (!/^\S{1,128}$/.test(model)) return null
  return { preset, model, baseUrl: baseUrl ?? null }
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Why no server can be asked: what is missing, for the operator. */
export interface EndpointProblem {
  readonly missing: string
}

/**
 * Finds the server of a model: the one that is named, else `OPENAI_BASE_URL`, else OpenAI where there is a key.
 *
 * A key goes to its own server alone: `OPENAI_API_KEY` to OpenAI and to `OPENAI_BASE_URL`, `OPENROUTER_API_KEY` to OpenRouter,
 * never to an address that was written beside a model. The key of a server of one's own goes to wherever that is.
 */
export function findEndpoint(
  name: ModelName,
  environment: Environment,
): Endpoint | EndpointProblem {
  const setUrl = nonEmpty(environment['OPENAI_BASE_URL'])
  const hasOwnUrl = name.baseUrl !== null
  const ambientUrl = name.preset === null || name.preset === 'other' ? setUrl : null
  const preset = name.preset ?? guessPreset(name.baseUrl ?? ambientUrl)
  const { baseUrl: usualUrl, keyName, isKeyNeeded, ...ways } = PRESETS[preset]
  const baseUrl = name.baseUrl ?? ambientUrl ?? usualUrl
  if (baseUrl === null) return { missing: 'OPENAI_BASE_URL' }
  const isSetUrl = setUrl !== null && originOf(baseUrl) === originOf(setUrl)
  const isUsualUrl = originOf(baseUrl) === originOf(usualUrl ?? '')
  const isHosted = keyName === 'OPENAI_API_KEY' || isKeyNeeded
  const ownKey = isHosted && !isUsualUrl ? null : nonEmpty(environment[keyName])
  const key = ownKey ?? (isSetUrl ? nonEmpty(environment['OPENAI_API_KEY']) : null)
  if (key === null && isKeyNeeded && !hasOwnUrl && !isSetUrl) return { missing: keyName }
  return { ...ways, preset, model: name.model, baseUrl, apiKey: key ?? NO_KEY }
}

/** The client refuses an empty key; servers that need none take any. */
const NO_KEY = 'none'

const PRESET_PORTS: Readonly<Record<string, PresetName>> = { '11434': 'ollama', '1234': 'lmstudio' }

function guessPreset(baseUrl: string | null): PresetName {
  if (baseUrl === null) return 'openai'
  const url = URL.parse(baseUrl)
  if (url?.hostname === 'api.openai.com') return 'openai'
  if (url?.hostname === 'openrouter.ai') return 'openrouter'
  return PRESET_PORTS[url?.port ?? ''] ?? 'other'
}

function originOf(url: string): string {
  return URL.parse(url)?.origin ?? ''
}

function nonEmpty(text: string | undefined): string | null {
  return text === undefined || text.trim() === '' ? null : text.trim()
}
