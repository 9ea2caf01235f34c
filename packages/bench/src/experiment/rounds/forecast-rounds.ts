import { playCreditWorld } from '../../forecast/credit-market.ts'
import { playWeatherChain } from '../../forecast/weather-chain.ts'
import { doneRun, eventOf } from '../done-run.ts'
import type { RunPlan } from '../run-plan.ts'
import type { Metrics, RunResult } from '../run-result.ts'
import type { Deciders } from '../run-setup.ts'
import type { ForecastScenario } from '../scenario.ts'
import { setUpWeather } from '../weather-setup.ts'
import { concludeWeather } from './weather-result.ts'

/** Plays a market of forecasts in this process. */
export function runForecastRounds(
  plan: RunPlan,
  scenario: ForecastScenario,
  { own }: Deciders,
): RunResult {
  if (scenario.market === 'credit') return runCreditMarket(plan, scenario)
  const setup = setUpWeather(plan, scenario, own)
  return concludeWeather(setup, playWeatherChain(setup.chain))
}

/** ln 2: who finds both outcomes alike loses so much. */
const COIN_LOSS = Math.LN2

function runCreditMarket({ seed }: RunPlan, { questions, method }: ForecastScenario): RunResult {
  const played = playCreditWorld(seed, { questionCount: questions }, method)
  const { shares, loss, brier, payCorrelation } = played
  const metrics: Metrics = {
    logLoss: loss,
    brier,
    skill: 1 - loss / COIN_LOSS,
    'share.good': shares.good,
    'share.copy': shares.copy,
    'share.weak': shares.weak,
    'share.noise': shares.noise,
    payCorrelation,
  }
  return doneRun({}, metrics, [eventOf('paid', questions, shares)])
}
