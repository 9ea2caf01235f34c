import {
  type Prosociality,
  parseProsociality,
  SHORT_WEATHER_CHAIN,
  shiftDate,
  WEATHER_CHAIN,
  type WeatherSupply,
} from '@commonweal/node/agent'
import { present } from '@commonweal/protocol'
import {
  createWeatherNetwork,
  type ForecasterMaker,
  SEATTLE_WEATHER,
  type WeatherChainPlan,
  type WeatherNetwork,
} from '../forecast/weather-network.ts'
import { Random } from '../simulator/engine/random.ts'
import type { ConditionFault } from './condition-fault.ts'
import type { OwnAgents } from './own/own-agents.ts'
import type { RunPlan } from './run-plan.ts'
import type { ForecastScenario } from './scenario.ts'

/** What a run of the weather market starts from, the same at every fidelity. */
export interface WeatherSetup {
  readonly chain: WeatherChainPlan & { readonly seed: string; readonly servesAll: boolean }
  readonly network: WeatherNetwork
  /** Questions of the run: two about each day. */
  readonly questionCount: number
}

const CHAINS: Readonly<Record<ForecastScenario['chain'], readonly WeatherSupply[]>> = {
  whole: WEATHER_CHAIN,
  short: SHORT_WEATHER_CHAIN,
}

/** Days that may be asked about: agents have a year to learn from. */
const WINDOW_FROM = '2013-01-01'
const WINDOW_LAST = '2015-12-31'
const DAY_MS = 86_400_000

/** @param own the file that decides for forecasters, where there is one. */
export function setUpWeather(
  plan: RunPlan,
  scenario: ForecastScenario,
  own: OwnAgents | null = null,
): WeatherSetup {
  const { seed } = plan
  const { questions, servesAll } = scenario
  const first = scenario.first ?? drawFirstDay(seed, questions)
  const last = shiftDate(first, questions - 1)
  const chain = {
    seriesPath: SEATTLE_WEATHER,
    first,
    last,
    chain: CHAINS[scenario.chain],
    servesAll,
    prosociality: prosocialityOf(plan),
    seed,
    ...(own === null ? {} : { createForecaster: createMaker(plan, own) }),
  }
  return { chain, network: createWeatherNetwork(chain), questionCount: 2 * questions }
}

/** Forecasters of the file that the population names. */
function createMaker({ condition }: RunPlan, own: OwnAgents): ForecasterMaker {
  const { policy } = present(condition.population[0], 'a file is named by an entry')
  return (parts) => own.createForecaster(policy, parts)
}

/** Nodes of such a network: the chain, and who asks. */
export function countWeatherNodes({ chain }: ForecastScenario): number {
  return CHAINS[chain].length + 1
}

/** Days that the series does not have. Null where it has them all. */
export function checkWeatherDays({ first, questions }: ForecastScenario): ConditionFault | null {
  const accepted = `accepted: days from ${WINDOW_FROM} to ${WINDOW_LAST}`
  const count = daysBetween(first ?? WINDOW_FROM, WINDOW_LAST)
  if (first !== null && (first < WINDOW_FROM || count < 1)) {
    return { path: ['scenario', 'first'], sentence: `scenario.first: ${first}; ${accepted}` }
  }
  if (questions <= count) return null
  const sentence = `scenario.questions: ${questions} days; ${accepted}, ${count} of them`
  return { path: ['scenario', 'questions'], sentence }
}

/** A window of the series that the seed fixes: every first day is as likely as any other. */
function drawFirstDay(seed: string, dayCount: number): string {
  const random = new Random(seed, 'window')
  return shiftDate(WINDOW_FROM, random.below(daysBetween(WINDOW_FROM, WINDOW_LAST) - dayCount + 1))
}

/** How many days there are from one to another, both counted. */
function daysBetween(first: string, last: string): number {
  return (Date.parse(last) - Date.parse(first)) / DAY_MS + 1
}

function prosocialityOf({ condition }: RunPlan): Prosociality {
  const weight = parseProsociality(String(condition.population[0]?.prosociality ?? 0))
  return present(weight.ok ? weight.value : null, 'a file that was read has good weights')
}
