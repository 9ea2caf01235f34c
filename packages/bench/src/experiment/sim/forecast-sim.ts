import { networkIdOf } from '@commonweal/protocol'
import { isMarketEvent, MarketReader } from '../../forecast/market-reader.ts'
import { createMarketPart } from '../../forecast/weather-network.ts'
import { toWeatherRow } from '../../forecast/weather-row.ts'
import { AttachedDesks } from '../../simulator/network/attached-desks.ts'
import { findMissedForecast, type SeenMarketEvent } from '../chain/missed-forecast.ts'
import { concludeWeather } from '../rounds/weather-result.ts'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import type { Deciders } from '../run-setup.ts'
import type { ForecastScenario } from '../scenario.ts'
import { setUpWeather } from '../weather-setup.ts'
import type { PlacedEvent } from './chain-watch.ts'
import { playSim } from './play-sim.ts'
import { failureOf } from './sim-failure.ts'
import { THINK_MS } from './sim-network.ts'
import { systemMetrics } from './system-metrics.ts'

/** The market of the weather among whole replicas: each agent at the desk of its node, signals over the simulated links. */
export function runForecastSim(
  plan: RunPlan,
  scenario: ForecastScenario,
  { own }: Deciders,
): RunResult {
  const setup = setUpWeather(plan, scenario, own)
  const { network, questionCount, chain } = setup
  const { genesis } = network
  const { seed, condition } = plan
  const agents = genesis.accounts.map(({ agent }) => agent)
  const faults = agents.map(() => null)
  const reader = new MarketReader()
  const report = playSim({
    network: { genesis, networkId: networkIdOf(genesis) },
    seed,
    faults,
    conditions: condition.network,
    attend: (replicas) =>
      new AttachedDesks({
        agents,
        createPart: (seat) => createMarketPart(network, seat, chain),
        replicaOf: (seat) => replicas.replicaOf(seat),
        thinkMs: THINK_MS,
      }),
    isLast(event) {
      if (isMarketEvent(event)) reader.take(event)
      return reader.rows.length === questionCount
    },
  })
  const seen = { events: seenOf(report.events), rows: reader.rows }
  const reason = failureOf(report, faults) ?? findMissedForecast(setup, seen)
  if (reason !== null) return { status: 'failed', reason, events: [] }
  const rows = reader.rows.map((row) => toWeatherRow(row, network.roles))
  const result = concludeWeather(setup, rows)
  const system = systemMetrics(report, condition.network)
  return { ...result, metrics: { ...result.metrics, ...system } }
}

function seenOf(events: readonly PlacedEvent[]): readonly SeenMarketEvent[] {
  return events.flatMap(({ event }) =>
    event.kind === 'slashed' || isMarketEvent(event) ? [event] : [],
  )
}
