import { shiftDate } from '@commonweal/node/agent'
import { MarketPlay } from './market-play.ts'
import { isMarketEvent, MarketReader } from './market-reader.ts'
import {
  createMarketPart,
  createWeatherNetwork,
  SEED_DEFAULT,
  type WeatherChainPlan,
} from './weather-network.ts'
import { toWeatherRow, type WeatherRow } from './weather-row.ts'

const KINDS_PER_DAY = 2
/** More than a day takes, from asking to the settlement of both questions. */
const HEIGHTS_PER_DAY_MAX = 1_000

/** Plays a supply chain over the real series in this process, by the rules of the chain and without a network. */
export function playWeatherChain(plan: WeatherChainPlan): readonly WeatherRow[] {
  const network = createWeatherNetwork(plan)
  const { first, last, seed = SEED_DEFAULT } = plan
  const { genesis } = network
  const parts = genesis.accounts.map((_, seat) => createMarketPart(network, seat, plan))
  const play = new MarketPlay({ genesis, seed, parts })
  const reader = new MarketReader()
  for (let date = first, settled = KINDS_PER_DAY; date <= last; date = shiftDate(date, 1)) {
    for (let height = 0; reader.rows.length < settled; height += 1) {
      if (height > HEIGHTS_PER_DAY_MAX) throw new Error(`the questions of ${date} are not settled`)
      for (const event of play.step()) if (isMarketEvent(event)) reader.take(event)
    }
    settled += KINDS_PER_DAY
  }
  return reader.rows.map((row) => toWeatherRow(row, network.roles))
}
