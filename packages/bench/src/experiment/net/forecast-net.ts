import { MarketReader } from '../../forecast/market-reader.ts'
import { toWeatherRow } from '../../forecast/weather-row.ts'
import { findMissedForecast } from '../chain/missed-forecast.ts'
import { concludeWeather } from '../rounds/weather-result.ts'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import type { ForecastScenario } from '../scenario.ts'
import { setUpWeather } from '../weather-setup.ts'
import { playNet } from './play-net.ts'
import { parseToldMarket } from './told-event.ts'

/** The market of the weather among real processes, as `commonweal up --scenario forecast` launches them. */
export async function runForecastNet(
  plan: RunPlan,
  scenario: ForecastScenario,
  signal: AbortSignal,
): Promise<RunResult> {
  const setup = setUpWeather(plan, scenario)
  const { network, questionCount } = setup
  const reader = new MarketReader()
  const { events } = await playNet(
    {
      network,
      seed: plan.seed,
      agents: network.agents,
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
  const reason = findMissedForecast(setup, {
    events: events.map(({ event }) => event),
    rows: reader.rows,
  })
  if (reason !== null) return { status: 'failed', reason, events: [] }
  return concludeWeather(
    setup,
    reader.rows.map((row) => toWeatherRow(row, network.roles)),
  )
}
