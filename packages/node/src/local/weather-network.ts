import { type AgentId, type Genesis, present, TOKEN_MICRO } from '@commonweal/protocol'
import type { WeatherResolution } from '../agent/forecast/weather/registrar.ts'
import { parseWeatherRole } from '../agent/forecast/weather/roles.ts'
import { REGISTRAR_ROLE } from '../agent/forecast/weather/weather-part.ts'
import type { Prosociality } from '../agent/prosocial.ts'
import { UTILITY } from '../agent/utility/policy.ts'
import type { WeatherConfig } from '../config.ts'
import { createLocalForecastGenesis } from './forecast-genesis.ts'
import { createLocalSigners } from './genesis.ts'
import type { LocalAgent } from './launch.ts'

/** Forecasting weight of each forecaster. */
const LOCK_MICRO: bigint = 500n * TOKEN_MICRO
/** Heights that a question takes statements for, for each link of the chain: each waits for the seals of the one before. */
const LINK_HEIGHTS = 5
/** What a seal needs to get into a block. */
export const SEAL_HEIGHTS = 4

/** One node of a local network that forecasts the weather. */
export interface LocalWeatherNode {
  readonly name: string
  /** As the node's config takes it: `registrar`, `data:wind`, `forecaster`. */
  readonly role: string
  /** Names of those whose signals it asks for. */
  readonly suppliers: readonly string[]
  readonly prosociality: Prosociality
  /** Who decides in the place of its policy, where somebody does. */
  readonly decider?: Pick<LocalAgent, 'model' | 'assistant' | 'plugin'>
}

export interface LocalWeatherOptions {
  readonly seed: string
  /** The file of the series. */
  readonly series: string
  /** First day that is asked about, and for how many. */
  readonly first: string
  readonly dayCount: number
  /** How long a forecaster may think beyond what closed-form ones take, in ms. [0] */
  readonly thinkMs?: number
  /** Suppliers before those whom they supply. */
  readonly nodes: readonly LocalWeatherNode[]
  /** [false] Whether they serve also who pays nothing. */
  readonly servesAll?: boolean
  /** [record] Who answers questions: the series as a data set, or whoever bonds for what it has seen. */
  readonly resolution?: WeatherResolution
}

/** What each node of such a network does: it always has a part in the weather. */
export interface LocalWeatherAgent extends LocalAgent {
  readonly weather: WeatherConfig
}

/**
 * A network on one machine that asks about the weather and forecasts it along a supply chain.
 *
 * Who stands further from the last customer waits for its own suppliers no longer than leaves each after it the time to seal.
 * Result  agents in the order of the nodes, as are the accounts of the genesis.
 */
export function createLocalWeather(options: LocalWeatherOptions): {
  readonly genesis: Genesis
  readonly agents: readonly LocalWeatherAgent[]
} {
  const {
    seed,
    series,
    first,
    dayCount,
    nodes,
    thinkMs = 0,
    servesAll = false,
    resolution = 'record',
  } = options
  const signers = createLocalSigners(seed, nodes.length)
  const agentOf = (name: string): AgentId =>
    present(signers[nodes.findIndex((node) => node.name === name)], 'a supplier is a node').agent
  const links = linksAfter(nodes)
  const genesis = createLocalForecastGenesis({
    seed,
    thinkMs,
    nodes: nodes.map(({ name, role }) => ({
      name,
      lockedMicro: isForecaster(role) ? LOCK_MICRO : 0n,
      isOpener: role === REGISTRAR_ROLE,
    })),
  })
  // Whoever is waited for by one that thinks leaves it its time.
  const thinkHeights = Math.ceil(thinkMs / genesis.consensus.blockIntervalMs)
  const windowHeights = (Math.max(...links.values()) + 1) * LINK_HEIGHTS + thinkHeights
  return {
    genesis,
    agents: nodes.map(({ name, role, suppliers, prosociality, decider }) => ({
      policy: UTILITY,
      prosociality,
      ...decider,
      weather: {
        role,
        series,
        first,
        asks: role === REGISTRAR_ROLE ? { dayCount, windowHeights, resolution } : null,
        suppliers: suppliers.map(agentOf),
        marginHeights: (links.get(name) ?? 0) * LINK_HEIGHTS + SEAL_HEIGHTS + thinkHeights,
        servesAll,
      },
    })),
  }
}

function isForecaster(role: string): boolean {
  return role !== REGISTRAR_ROLE && parseWeatherRole(role).kind === 'forecaster'
}

/** By name: how many links of the chain come after a node at most, until somebody whom nobody asks for signals. */
function linksAfter(nodes: readonly LocalWeatherNode[]): ReadonlyMap<string, number> {
  const links = new Map(nodes.map(({ name }) => [name, 0]))
  for (const { name, suppliers } of nodes.toReversed()) {
    const next = (links.get(name) ?? 0) + 1
    for (const supplier of suppliers) links.set(supplier, Math.max(next, links.get(supplier) ?? 0))
  }
  return links
}
