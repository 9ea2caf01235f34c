import { type AgentId, STREAM_RECEIVER_COUNT_MAX } from '@commonweal/protocol'
import { ConfigError } from '../../../errors.ts'
import { createLyingAsserter } from '../../adversary/forecast/lying-asserter.ts'
import {
  createForecastAdversary,
  type ForecastAdversary,
  forecastAdversaries,
  isForecastAdversary,
} from '../../adversary/forecast/role.ts'
import type { Prosociality } from '../../prosocial.ts'
import type { Forecaster } from '../forecaster.ts'
import { createPoolingForecaster } from '../pooling-forecaster.ts'
import { DataAgent } from './data-agent.ts'
import { FeatureAgent } from './feature-agent.ts'
import { type FeatureFamily, featureFamilies } from './features.ts'
import { WEATHER_SERVING } from './serving-terms.ts'
import { SignalAgent, type SignalModel, signalModels } from './signal-agent.ts'
import { WEATHER_COLUMNS, type WeatherColumn, type WeatherDay } from './weather-day.ts'
import { openWeatherFile } from './weather-file.ts'
import { createWitness } from './witness.ts'

/** The role of who pools what its suppliers say, or has a model decide. */
export const FORECASTER_ROLE = 'forecaster'

/** The role of who bonds for what is false, wherever no data set answers; it forecasts and sells nothing. */
export const LYING_ASSERTER_ROLE = 'lying-asserter'

/** What an agent does in the supply chain, and with what. */
export type WeatherRole =
  | { readonly kind: 'data'; readonly columns: readonly WeatherColumn[] }
  | { readonly kind: 'feature'; readonly family: FeatureFamily }
  | { readonly kind: 'signal'; readonly model: SignalModel }
  | { readonly kind: 'forecaster' }
  | { readonly kind: 'lying-asserter' }
  /** `label` tells several of one kind apart. */
  | { readonly kind: 'adversary'; readonly name: ForecastAdversary; readonly label: string | null }

export interface WeatherAgentOptions {
  /** Days before the first question: public, and all that an agent other than a data agent is given of the series. */
  readonly history: readonly WeatherDay[]
  /** The agent's own id. */
  readonly agent: AgentId
  /** Whose statements it builds on; at most as many as it may pay. */
  readonly suppliers: readonly AgentId[]
  /** The file of the series; only a data agent opens it. */
  readonly seriesPath: string
  /** By which a forecaster decides how much it passes on; without one it counts itself only. */
  readonly prosociality?: Prosociality
  /** What a forecaster calls others in its reasoning. */
  readonly nameOf?: (agent: AgentId) => string
}

const SELFISH: Prosociality = { lambda: 0, alpha: 0, thetaDeg: 0 }
const families = Object.keys(featureFamilies).filter(isFamily)
const models = Object.keys(signalModels).filter(isModel)

/** The forms of a role, for help texts. */
export const WEATHER_ROLE_FORMS: string = [
  `data:<columns>, of ${WEATHER_COLUMNS.join(', ')}, each once, with commas between`,
  `feature:<family>, of ${families.join(', ')}`,
  `signal:<model>, of ${models.join(', ')}`,
  `an adversary, of ${forecastAdversaries.join(', ')}, perhaps with a number: noise-seller:2`,
  LYING_ASSERTER_ROLE,
  FORECASTER_ROLE,
].join('; ')

/** Errors  ConfigError, which names what is accepted. */
export function parseWeatherRole(text: string): WeatherRole {
  const [kind = '', name, ...rest] = text.trim().split(':')
  const role = rest.length === 0 ? roleOf(kind, name) : null
  if (role === null) throw new ConfigError('role', text, WEATHER_ROLE_FORMS)
  return role
}

/** The agent of a role, written as `signal:markov`. Errors  ConfigError */
export function createWeatherForecaster(text: string, options: WeatherAgentOptions): Forecaster {
  const role = parseWeatherRole(text)
  const { history, suppliers, seriesPath } = options
  if (suppliers.length > STREAM_RECEIVER_COUNT_MAX) {
    const accepted = `at most ${STREAM_RECEIVER_COUNT_MAX} suppliers`
    throw new ConfigError('suppliers', suppliers.length, accepted)
  }
  switch (role.kind) {
    case 'data':
      return new DataAgent(role.columns, openWeatherFile(seriesPath))
    case 'feature':
      return new FeatureAgent({ family: role.family, suppliers, history })
    case 'signal':
      return new SignalAgent({ model: role.model, suppliers, history })
    case 'adversary':
      return createForecastAdversary(role.name, { agent: options.agent, suppliers })
    case 'lying-asserter':
      return createLyingAsserter(createWitness(openWeatherFile(seriesPath), 0))
    case 'forecaster':
      return createPoolingForecaster({
        agent: options.agent,
        suppliers,
        prosociality: options.prosociality ?? SELFISH,
        askingBps: WEATHER_SERVING.askingBps,
        ...(options.nameOf === undefined ? {} : { nameOf: options.nameOf }),
      })
  }
}

function roleOf(kind: string, name: string | undefined): WeatherRole | null {
  if ((kind === FORECASTER_ROLE || kind === LYING_ASSERTER_ROLE) && name === undefined) {
    return { kind }
  }
  if (isForecastAdversary(kind)) {
    const isLabel = name === undefined || /^\d{1,3}$/.test(name)
    return isLabel ? { kind: 'adversary', name: kind, label: name ?? null } : null
  }
  if (name === undefined) return null
  if (kind === 'data') {
    const columns = name.split(',').filter(isColumn)
    const isWhole = columns.length === name.split(',').length
    return isWhole && new Set(columns).size === columns.length ? { kind, columns } : null
  }
  if (kind === 'feature' && isFamily(name)) return { kind, family: name }
  if (kind === 'signal' && isModel(name)) return { kind, model: name }
  return null
}

function isColumn(name: string): name is WeatherColumn {
  return WEATHER_COLUMNS.some((column) => column === name)
}

function isFamily(name: string): name is FeatureFamily {
  return Object.hasOwn(featureFamilies, name)
}

function isModel(name: string): name is SignalModel {
  return Object.hasOwn(signalModels, name)
}
