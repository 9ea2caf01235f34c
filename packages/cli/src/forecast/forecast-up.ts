import { existsSync } from 'node:fs'
import { SEATTLE_WEATHER } from '@commonweal/bench/forecast'
import { isDate, type Prosociality } from '@commonweal/node/agent'
import { parseProsocialityList } from '../experiment-options.ts'
import type { UpScenario } from '../launch.ts'
import { checkPlugins, createModels, describeModelHint, type ModelFlags } from '../model-options.ts'
import type { Output } from '../output.ts'
import { UsageError } from '../usage-error.ts'
import { chainFacts, renderChain } from './chain-table.ts'
import { followForecast } from './forecast-follower.ts'
import { reportForecast } from './report-forecast.ts'
import { createForecastScenario, type ForecastResolution, type Seller } from './scenario.ts'

/** The flags of `up --scenario forecast`. */
export interface ForecastFlags extends ModelFlags {
  readonly seed: string
  readonly days: number
  readonly keep: boolean
  readonly first: string
  readonly prosociality?: readonly Prosociality[]
  readonly seller: readonly Seller[]
  readonly resolution: ForecastResolution
}

/** λ of the forecasters, one each. */
export const FORECASTERS_DEFAULT = '0,1,3'
export const DAYS_DEFAULT = 21
export const FIRST_DEFAULT = '2014-01-01'
const FORECASTERS_MAX = 8
/** Last day of the series, and the first on which models have a year to learn from. */
const SERIES = { from: '2013-01-01', to: '2015-12-31' }
const DAY_MS = 86_400_000

/** Forecasting the weather of Seattle on real processes. Errors  UsageError, PluginError */
export async function createForecastUp(flags: ForecastFlags, output: Output): Promise<UpScenario> {
  const prosociality = flags.prosociality ?? parseProsocialityList(FORECASTERS_DEFAULT)
  if (prosociality.length > FORECASTERS_MAX) {
    throw new UsageError(
      `--prosociality names ${prosociality.length} forecasters; accepted: 1 to ${FORECASTERS_MAX}`,
    )
  }
  const models = createModels(flags, prosociality.length, process.env)
  await checkPlugins(models, 'createForecaster')
  checkDays(flags)
  if (!existsSync(SEATTLE_WEATHER)) throw new UsageError(`there is no ${SEATTLE_WEATHER}`)
  const scenario = createForecastScenario({
    seed: flags.seed,
    series: SEATTLE_WEATHER,
    first: flags.first,
    // A network that is kept goes on asking, for others to join.
    dayCount: flags.keep ? daysFrom(flags.first) : flags.days,
    prosociality,
    sellers: flags.seller,
    resolution: flags.resolution,
    models,
  })
  return {
    genesis: scenario.genesis,
    seed: flags.seed,
    law: null,
    agents: scenario.agents,
    showStart(network, folder) {
      const facts = chainFacts(scenario, network, flags)
      output.json({ kind: 'started', folder, ...facts })
      output.lines(renderChain(facts, output.style, output.width))
      const hint = describeModelHint(models, process.env)
      if (hint !== undefined) output.lines([hint, ''])
    },
    follow: (options) =>
      followForecast({
        ...options,
        scenario,
        dayCount: flags.days,
        output,
        report: (apis, elapsedMs) => reportForecast({ apis, scenario, elapsedMs, output }),
      }),
  }
}

function checkDays({ first, days }: Pick<ForecastFlags, 'first' | 'days'>): void {
  const accepted = `accepted: days from ${SERIES.from} to ${SERIES.to}`
  if (!isDate(first) || first < SERIES.from) {
    throw new UsageError(`--first ${first} is no day of the series; ${accepted}`)
  }
  if (days > daysFrom(first)) {
    throw new UsageError(`--first ${first} --days ${days} goes past the end; ${accepted}`)
  }
}

/** Days of the series from one on. */
function daysFrom(first: string): number {
  return (Date.parse(SERIES.to) - Date.parse(first)) / DAY_MS + 1
}
