import type { NodeApi } from '../node-api.ts'
import type { Output } from '../output.ts'
import type { ForecastScenario } from './scenario.ts'

export async function reportForecast(_: {
  api: NodeApi
  scenario: ForecastScenario
  elapsedMs: number
  output: Output
}): Promise<void> {}
