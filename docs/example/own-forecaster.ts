import type { Forecaster, ForecasterPluginOptions } from '@commonweal/node/agent'

/** Goes half by the reference and half by the supplier that has beaten it by most so far, and pays that one. */
export function createForecaster({ suppliers, policy }: ForecasterPluginOptions): Forecaster {
  const gains = new Map<string, number>()
  const gainOf = (supplier: string): number => gains.get(supplier) ?? 0
  let paid: string | undefined
  return {
    name: 'leader',
    suppliers,
    forecast({ question: { referenceBps }, signals }) {
      const [leader] = signals
        .filter(({ statement }) => statement.report?.length === referenceBps.length)
        .toSorted((a, b) => gainOf(b.author) - gainOf(a.author))
      if (leader === undefined) return null
      const said = leader.statement.report ?? referenceBps
      const report = referenceBps.map((bps, k) => Math.floor((bps + (said[k] ?? 0)) / 2))
      // Reports sum to 10 000: what rounding leaves goes to the first outcome.
      report[0] = 10_000 - report.slice(1).reduce((sum, bps) => sum + bps, 0)
      const reasoning = 'Half the reference, half whoever has done best so far.'
      return { report, findings: [], parents: [leader.digest], reasoning, hypotheses: [] }
    },
    learn({ question: { referenceBps }, outcome, signals }) {
      if (outcome === null) return
      for (const { author, statement } of signals) {
        const ratio = (statement.report?.[outcome] ?? 0) / (referenceBps[outcome] ?? 1)
        if (ratio > 0) gains.set(author, 0.95 * gainOf(author) + Math.log(ratio))
      }
    },
    chooseStreams() {
      const [best] = suppliers.toSorted((a, b) => gainOf(b) - gainOf(a))
      if (best === undefined || best === paid || gainOf(best) <= 0) return null
      paid = best
      return [{ to: best, bps: 2_000 }]
    },
    serves: (customer) => policy.serves(customer),
  }
}
