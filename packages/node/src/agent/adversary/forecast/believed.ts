import type { AgentId } from '@commonweal/protocol'
import type { ForecastSituation, Signal } from '../../forecast/forecaster.ts'
import { reportedBy } from '../../forecast/heard-question.ts'
import { computePool } from '../../forecast/log-pool.ts'
import { probabilitiesOf } from '../../forecast/to-report.ts'

/** What an agent believes that knows only its suppliers: their pool, each with a weight of one in all; else the reference. */
export function believe(
  { question, signals }: ForecastSituation,
  suppliers: readonly AgentId[],
): { readonly probabilities: readonly number[]; readonly used: readonly Signal[] } {
  const heard = signals.flatMap((signal) => {
    const probabilities = reportedBy(signal, question.outcomes.length)
    const isSupplier = suppliers.includes(signal.author)
    return probabilities === undefined || !isSupplier ? [] : [{ signal, probabilities }]
  })
  const parts = heard.map(({ probabilities }) => ({ probabilities, weight: 1 / heard.length }))
  return {
    probabilities: computePool({ reference: probabilitiesOf(question.referenceBps), parts }),
    used: heard.map(({ signal }) => signal),
  }
}
