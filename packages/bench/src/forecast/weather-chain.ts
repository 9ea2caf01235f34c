import { shiftDate } from '@commonweal/node/agent'
import { MarketPlay } from './market-play.ts'
import { isMarketEvent, type MarketEvent, MarketReader } from './market-reader.ts'
import {
  createMarketPart,
  createWeatherNetwork,
  SEED_DEFAULT,
  type WeatherChainPlan,
  type WeatherNetwork,
} from './weather-network.ts'
import { toWeatherRow, type WeatherRow } from './weather-row.ts'

const KINDS_PER_DAY = 2
/** More than a day takes, from asking to the settlement of both questions. */
const HEIGHTS_PER_DAY_MAX = 1_000

/** Plays a supply chain over the real series in this process, by the rules of the chain and without a network. */
export function playWeatherChain(plan: WeatherChainPlan): readonly WeatherRow[] {
  const network = createWeatherNetwork(plan)
  const reader = new MarketReader()
  for (const event of marketEvents(network, plan)) reader.take(event)
  return reader.rows.map((row) => toWeatherRow(row, network.roles))
}

/** What happens when a supply chain is played, until the questions of the last day are settled and paid. */
export function* marketEvents(
  network: WeatherNetwork,
  plan: WeatherChainPlan,
): Generator<MarketEvent, void> {
  const { first, last, seed = SEED_DEFAULT } = plan
  const { genesis } = network
  const parts = genesis.accounts.map((_, seat) => createMarketPart(network, seat, plan))
  const play = new MarketPlay({ genesis, seed, parts })
  for (let date = first; date <= last; date = shiftDate(date, 1)) {
    let settledCount = 0
    for (let height = 0; settledCount < KINDS_PER_DAY; height += 1) {
      if (height > HEIGHTS_PER_DAY_MAX) throw new Error(`the questions of ${date} are not settled`)
      for (const event of play.step()) {
        if (event.kind === 'question-settled') settledCount += 1
        if (isMarketEvent(event)) yield event
      }
    }
  }
}
