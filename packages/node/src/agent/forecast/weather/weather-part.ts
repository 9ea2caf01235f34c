import type { AgentId } from '@commonweal/protocol'
import type { WeatherConfig } from '../../../config.ts'
import { ConfigError } from '../../../errors.ts'
import { silentForecaster } from '../../../forecast/silent-forecaster.ts'
import type { Agent } from '../../agent.ts'
import type { Forecaster } from '../forecaster.ts'
import { judgeAs } from '../judge.ts'
import { WeatherRegistrar } from './registrar.ts'
import { createWeatherForecaster, type WeatherAgentOptions } from './roles.ts'
import { type DayBefore, loadWeatherDays, openWeatherFile } from './weather-file.ts'
import { createWitness } from './witness.ts'

/** The role of who asks the questions and opens the records. */
export const REGISTRAR_ROLE = 'registrar'

/** Whoever asks leaves others a block to assert before it. */
const REGISTRAR_PATIENCE_HEIGHTS = 1

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
    return { name: role, opener, forecaster: createRegistrarWitness(openWeatherFile(series)) }
  }
  const history = loadWeatherDays(series, { before: first })
  const options = { agent, suppliers, seriesPath: series, history, prosociality, nameOf }
  const forecaster = createWeatherForecaster(role, options)
  const { name } = forecaster
  return { name, forecaster: adapt(forecaster, { servesAll, series }) }
}

/** Of whoever asks: it forecasts nothing, and asserts what came true of what it asked. */
function createRegistrarWitness(dayBefore: DayBefore): Forecaster {
  const witness = createWitness(dayBefore, REGISTRAR_PATIENCE_HEIGHTS)
  return { ...silentForecaster, name: REGISTRAR_ROLE, witness }
}

/**
 * The same agent, which as a juror looks the day up: it is past, and public. Nothing of the series is read before. May serve
 * whoever asks.
 */
function adapt(
  forecaster: Forecaster,
  { servesAll, series }: { readonly servesAll: boolean; readonly series: string },
): Forecaster {
  const { name, suppliers } = forecaster
  return {
    name,
    suppliers,
    forecast: (situation) => forecaster.forecast(situation),
    judge: (judged) => {
      const witness = forecaster.witness ?? createWitness(openWeatherFile(series))
      return judgeAs({ witness }, judged)
    },
    ...(forecaster.witness === undefined ? {} : { witness: forecaster.witness }),
    learn: (settled) => forecaster.learn(settled),
    chooseStreams: () => forecaster.chooseStreams(),
    serves: (customer) => servesAll || forecaster.serves(customer),
  }
}
