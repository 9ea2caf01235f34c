import { MarketReader } from '../../forecast/market-reader.ts'
import { FORECASTER } from '../../forecast/weather-network.ts'
import { toWeatherRow } from '../../forecast/weather-row.ts'
import { findMissedForecast } from '../chain/missed-forecast.ts'
import { findOwnFault, pluginOf } from '../own/own-nodes.ts'
import { concludeWeather } from '../rounds/weather-result.ts'
import type { RunResult } from '../run-result.ts'
import type { ForecastScenario } from '../scenario.ts'
import { setUpWeather } from '../weather-setup.ts'
import type { NetRun } from './net-run.ts'
import { playNet } from './play-net.ts'
import { parseToldMarket } from './told-event.ts'

/** The market of the weather among real processes, as `commonweal up --scenario forecast` launches them. */
export async function runForecastNet(
  { plan, deciders, signal }: NetRun,
  scenario: ForecastScenario,
): Promise<RunResult> {
  const setup = setUpWeather(plan, scenario, deciders.own)
  const { network, questionCount } = setup
  const reader = new MarketReader()
  const policy = plan.condition.population[0]?.policy ?? ''
  const { events, views } = await playNet(
    {
      network,
      seed: plan.seed,
      agents: network.agents.map((agent) =>
        agent.weather.role === FORECASTER ? { ...agent, ...pluginOf(plan, policy) } : agent,
      ),
      law: null,
      conditions: plan.condition.network,
      parse: parseToldMarket,
      epochOf: () => null,
      isLast(event) {
        if (event.kind !== 'slashed') reader.take(event)
        return reader.rows.length === questionCount
      },
    },
    signal,
  )
  const seen = { events: events.map(({ event }) => event), rows: reader.rows }
  const reason = findOwnFault(views) ?? findMissedForecast(setup, seen)
  if (reason !== null) return { status: 'failed', reason, events: [] }
  return concludeWeather(
    setup,
    reader.rows.map((row) => toWeatherRow(row, network.roles)),
  )
}
