import { type AgentId, checkReport } from '@commonweal/protocol'
import type { SettledQuestion, Signal } from './forecaster.ts'
import { probabilitiesOf } from './to-report.ts'

/** What an agent heard from its suppliers on a question that is settled, and what came true. */
export interface HeardQuestion {
  readonly id: string
  /** Probabilities, as are those of the suppliers. */
  readonly reference: readonly number[]
  readonly outcome: number
  /** One entry a supplier, in the order of their seals. */
  readonly heard: readonly HeardSignal[]
}

export interface HeardSignal {
  readonly supplier: AgentId
  /** Place of its seal among all of the question. */
  readonly order: number
  readonly probabilities: readonly number[]
}

/** The agent itself, and those to whom it owes credit. */
export interface Listener {
  readonly agent: AgentId
  readonly suppliers: readonly AgentId[]
}

/**
 * What an agent learns from: the suppliers' reports that its own last statement was made from or, where it said nothing, the
 * last that each supplier opened. A signal that was sent but never opened is no evidence, and earns nothing. [CRD-7]
 *
 * Result  null where the question is void or no supplier was heard.
 */
export function hearQuestion(
  { question, outcome, signals }: SettledQuestion,
  { agent, suppliers }: Listener,
): HeardQuestion | null {
  if (outcome === null) return null
  const own = lastOf(signals.filter(({ author }) => author === agent))
  const used = new Set(own?.statement.parents)
  const heard = suppliers.flatMap((supplier): HeardSignal[] => {
    const said = signals.filter(
      ({ author, snapshot, digest }) =>
        author === supplier &&
        (own === undefined || (snapshot === own.snapshot && used.has(digest))),
    )
    const last = lastOf(said)
    const probabilities = last && reportedBy(last, question.outcomes.length)
    return last === undefined || probabilities === undefined
      ? []
      : [{ supplier, order: last.order, probabilities }]
  })
  if (heard.length === 0) return null
  return {
    id: question.id,
    reference: probabilitiesOf(question.referenceBps),
    outcome,
    heard: heard.toSorted((a, b) => a.order - b.order),
  }
}

/** The probabilities that a signal gives; undefined where it hands on findings only, or its report is not one. */
export function reportedBy(
  { statement: { report } }: Signal,
  outcomeCount: number,
): readonly number[] | undefined {
  if (report === null || !checkReport(report, outcomeCount).ok) return undefined
  return probabilitiesOf(report)
}

function lastOf(signals: readonly Signal[]): Signal | undefined {
  return signals.toSorted((a, b) => b.snapshot - a.snapshot || b.order - a.order)[0]
}
