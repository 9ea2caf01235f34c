import type { AgentId } from '@commonweal/protocol'
import type { Forecaster } from '../../forecast/forecaster.ts'
import { createSeller, state } from './seller.ts'

/** Sells the report of the supplier who sealed first as its own: it names no parent, and pays nobody. */
export function createCopier(suppliers: readonly AgentId[]): Forecaster {
  return createSeller('copier', suppliers, ({ signals }) => {
    const [first] = signals
      .filter(({ author, statement }) => suppliers.includes(author) && statement.report !== null)
      .toSorted((a, b) => a.order - b.order)
    if (first === undefined || first.statement.report === null) return null
    return state(first.statement.report, first.statement.reasoning)
  })
}
