import type { AgentId } from '@commonweal/protocol'
import type { Forecaster } from '../../forecast/forecaster.ts'
import { toReport } from '../../forecast/to-report.ts'
import { believe } from './believed.ts'
import { createSeller, state } from './seller.ts'

/** Says more than it believes: twice its log odds. */
export function createExtremiser(suppliers: readonly AgentId[]): Forecaster {
  return createSeller('extremiser', suppliers, (situation) => {
    const { probabilities, used } = believe(situation, suppliers)
    const squares = probabilities.map((probability) => probability ** 2)
    const sum = squares.reduce((total, square) => total + square, 0)
    const report = toReport(squares.map((square) => square / sum))
    return state(
      report,
      'This is all but certain.',
      used.map(({ digest }) => digest),
    )
  })
}
