import type { AgentId } from '@commonweal/protocol'
import type { Forecaster } from '../../forecast/forecaster.ts'
import { createCopier } from './copier.ts'
import { createExtremiser } from './extremiser.ts'
import { createLiar } from './liar.ts'
import { createNoiseSeller } from './noise-seller.ts'
import { createOpposite } from './opposite-pair.ts'

/** Who sells signals to the harm of those who buy them. */
export type ForecastAdversary =
  | 'noise-seller'
  | 'copier'
  | 'pair-high'
  | 'pair-low'
  | 'liar'
  | 'extremiser'

interface Named {
  /** The agent's own id. */
  readonly agent: AgentId
  readonly suppliers: readonly AgentId[]
}

const makers: Readonly<Record<ForecastAdversary, (named: Named) => Forecaster>> = {
  'noise-seller': ({ agent }) => createNoiseSeller(agent),
  copier: ({ suppliers }) => createCopier(suppliers),
  'pair-high': () => createOpposite('high'),
  'pair-low': () => createOpposite('low'),
  liar: ({ suppliers }) => createLiar(suppliers),
  extremiser: ({ suppliers }) => createExtremiser(suppliers),
}

export const forecastAdversaries: readonly ForecastAdversary[] =
  Object.keys(makers).filter(isForecastAdversary)

/** Whether it makes its report of what it is told; the others need nobody. */
export function needsSuppliers(name: ForecastAdversary): boolean {
  return name === 'copier' || name === 'liar' || name === 'extremiser'
}

export function createForecastAdversary(name: ForecastAdversary, named: Named): Forecaster {
  return makers[name](named)
}

export function isForecastAdversary(name: string): name is ForecastAdversary {
  return Object.hasOwn(makers, name)
}
