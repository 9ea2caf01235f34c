import { fileURLToPath } from 'node:url'
import {
  type createPluginForecaster,
  createWeatherPart,
  type Forecaster,
  type Prosociality,
  REGISTRAR_ROLE,
  secretDraws,
  WEATHER_CHAIN,
  type WeatherSupply,
} from '@commonweal/node/agent'
import { createLocalWeather, type LocalWeatherAgent } from '@commonweal/node/local'
import { type AgentId, type Genesis, networkIdOf, present, secretKeyOf } from '@commonweal/protocol'
import type { MarketPart } from './market-play.ts'

/** The daily weather of Seattle, 2012 … 2015. */
export const SEATTLE_WEATHER: string = fileURLToPath(
  new URL('../../data/seattle-weather.csv', import.meta.url),
)

export interface WeatherChainPlan {
  /** The file of the series. Only data agents, and whoever resolves questions, look at it from `first` on. */
  readonly seriesPath: string
  /** First and last day that is asked about; what lies before the first is public. */
  readonly first: string
  readonly last: string
  /** Suppliers before those whom they supply. */
  readonly chain?: readonly WeatherSupply[]
  /** Whether suppliers serve also those that pay nothing: what the forecasts are worth, pay apart. */
  readonly servesAll?: boolean
  /** By which forecasters decide how much they pass on; without one they count themselves only. */
  readonly prosociality?: Prosociality
  /** Fixes whose ids agents have. */
  readonly seed?: string
  /** Makes its forecasters; without one they are the built-in ones. */
  readonly createForecaster?: ForecasterMaker
}

/** Makes a forecaster that some file decides for. */
export type ForecasterMaker = (
  parts: Omit<Parameters<typeof createPluginForecaster>[2], 'mandate'>,
) => Forecaster

/** A supply chain as a network: who sits where, and what each does. */
export interface WeatherNetwork {
  readonly genesis: Genesis
  /** In the order of the accounts. */
  readonly agents: readonly LocalWeatherAgent[]
  /** By agent, suppliers before those whom they supply; the registrar says nothing. */
  readonly roles: ReadonlyMap<AgentId, string>
}

/** The role that has weight in a chain; all others are paid by what it passes on. */
export const FORECASTER = 'forecaster'
/** Of a chain whose seed says nothing. */
export const SEED_DEFAULT = 'weather'
const SELFISH: Prosociality = { lambda: 0, alpha: 0, thetaDeg: 0 }
const DAY_MS = 86_400_000

export function createWeatherNetwork(plan: WeatherChainPlan): WeatherNetwork {
  const { seriesPath, first, last, prosociality = SELFISH, chain = WEATHER_CHAIN } = plan
  const { seed = SEED_DEFAULT, servesAll = false } = plan
  const nodes = [{ role: REGISTRAR_ROLE, suppliers: [] }, ...chain].map(({ role, suppliers }) => ({
    name: nodeNameOf(role),
    role,
    suppliers: suppliers.map(nodeNameOf),
    prosociality: role === FORECASTER ? prosociality : SELFISH,
  }))
  const dayCount = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1
  const given = { seed, series: seriesPath, first, dayCount, nodes, servesAll }
  const network = createLocalWeather(given)
  const roles = network.genesis.accounts.map(({ agent }, index) => {
    return [agent, present(nodes[index], 'every account is a node').role] as const
  })
  return { ...network, roles: new Map(roles.filter(([, role]) => role !== REGISTRAR_ROLE)) }
}

/** What the agent of an account does in the market: a new one, before its first question. */
export function createMarketPart(
  { genesis, agents }: WeatherNetwork,
  seat: number,
  {
    createForecaster,
    seed = SEED_DEFAULT,
  }: Pick<WeatherChainPlan, 'createForecaster' | 'seed'> = {},
): MarketPart {
  const { agent } = present(genesis.accounts[seat], 'every seat has an account')
  const { weather, prosociality } = present(agents[seat], 'every account has an agent')
  const nameOf = (other: AgentId): string =>
    genesis.accounts.find((account) => account.agent === other)?.name ?? other
  const { suppliers, marginHeights, role } = weather
  const createPart = (): ReturnType<typeof createWeatherPart> =>
    createWeatherPart(weather, agent, { prosociality, nameOf })
  if (createForecaster === undefined || role !== FORECASTER) {
    return { ...createPart(), marginHeights }
  }
  const derive = secretDraws(secretKeyOf(seed, seat), networkIdOf(genesis))
  const createPolicy = (): Forecaster => present(createPart().forecaster, 'a forecaster forecasts')
  const given = { agent, suppliers, nameOf, prosociality, derive, createPolicy }
  return { forecaster: createForecaster(given), marginHeights }
}

/** A node's name is that of a folder too. */
function nodeNameOf(role: string): string {
  return role.replaceAll(/[:,]/g, '-')
}
