import type { Genesis } from '@commonweal/protocol'
import type { Agent } from '../agent/agent.ts'
import type { Forecaster } from '../agent/forecast/forecaster.ts'

/** Says nothing, listens to nobody and pays nobody. As a juror it goes by what others have said. */
export const silentForecaster: Forecaster = {
  name: 'silent',
  suppliers: [],
  forecast: () => null,
  learn: () => {},
  chooseStreams: () => null,
  serves: () => false,
}

/**
 * Who answers for a node in a market: whoever has a bond may be drawn into a jury, whether its agent forecasts or not, and a juror
 * without a verdict loses what it has at risk. [FOR-11]
 *
 * Result  null where the network has no market.
 */
export function forecasterOf(
  { forecaster }: Pick<Agent, 'forecaster'>,
  { forecast }: Pick<Genesis, 'forecast'>,
): Forecaster | null {
  return forecaster ?? (forecast === null ? null : silentForecaster)
}
