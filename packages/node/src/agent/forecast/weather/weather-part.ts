import type { AgentId } from '@commonweal/protocol'
import type { WeatherConfig } from '../../../config.ts'
import { ConfigError } from '../../../errors.ts'
import type { Agent } from '../../agent.ts'
import type { Forecaster } from '../forecaster.ts'
import { WeatherRegistrar } from './registrar.ts'
import { createWeatherForecaster, type WeatherAgentOptions } from './roles.ts'
import { loadWeatherDays } from './weather-file.ts'

/** The role of who asks the questions and opens the records. */
export const REGISTRAR_ROLE = 'registrar'

/** What makes an agent one that takes part in forecasting the weather. Errors  ConfigError */
export function createWeatherPart(
  { role, series, first, asks, suppliers, servesAll = false }: WeatherConfig,
  agent: AgentId,
  { prosociality, nameOf }: Required<Pick<WeatherAgentOptions, 'nameOf' | 'prosociality'>>,
): Pick<Agent, 'name' | 'forecaster' | 'opener'> {
  if (role === REGISTRAR_ROLE) {
    if (asks === null) throw new ConfigError('agent.weather.asks', asks, 'what the registrar asks')
    const days = loadWeatherDays(series)
    const opener = new WeatherRegistrar({ agent, days, first, ...asks })
    return { name: role, opener }
  }
  const history = loadWeatherDays(series, { before: first })
  const options = { agent, suppliers, seriesPath: series, history, prosociality, nameOf }
  const forecaster = createWeatherForecaster(role, options)
  const { name } = forecaster
  return { name, forecaster: servesAll ? serving(forecaster) : forecaster }
}

/** The same agent, which serves whoever asks. */
function serving(forecaster: Forecaster): Forecaster {
  return {
    name: forecaster.name,
    suppliers: forecaster.suppliers,
    forecast: (situation) => forecaster.forecast(situation),
    ...(forecaster.judge === undefined
      ? {}
      : { judge: (question) => forecaster.judge?.(question) ?? null }),
    learn: (settled) => forecaster.learn(settled),
    chooseStreams: () => forecaster.chooseStreams(),
    serves: () => true,
  }
}
