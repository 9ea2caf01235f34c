import type { NameOf } from './agent-names.ts'
import { checkEmission, type EmissionFault } from './check-emission.ts'
import { type MarkedTransfer, splitBySource, sumMicro } from './flow-graph.ts'
import type { EpochEmission, MarketHistory } from './market-history.ts'
import { type Pay, sumPay } from './pay.ts'
import { titleOf } from './question-name.ts'

/** Where every token of an epoch came from and went. */
export interface EpochTrace {
  readonly epoch: number
  readonly emissionMicro: bigint
  readonly paidMicro: bigint
  readonly unmintedMicro: bigint
  /** Those with most pay first. */
  readonly sources: readonly SourceTrace[]
  /** Nothing where all adds up to the last micro-unit. */
  readonly faults: readonly EmissionFault[]
}

/** What one question brought to whom. */
export interface SourceTrace {
  readonly question: string
  /** Null where the node does not know what was asked. */
  readonly topic: string | null
  readonly title: string
  readonly paidMicro: bigint
  readonly keptMicro: bigint
  /** Everybody that it reached, those with most pay of their own first. */
  readonly agents: readonly (Pay & { readonly agent: string; readonly name: string })[]
  /** Each once, as they are met on the way down from those who were paid. */
  readonly transfers: readonly (Omit<MarkedTransfer, 'source'> & {
    readonly fromName: string
    readonly toName: string
  })[]
}

export function traceEpoch(
  history: MarketHistory,
  emission: EpochEmission,
  nameOf: NameOf,
): EpochTrace {
  const { epoch, emissionMicro, unmintedMicro, payments } = emission
  const topics = topicsOf(history)
  return {
    epoch,
    emissionMicro,
    paidMicro: sumMicro(payments),
    unmintedMicro,
    sources: splitBySource(emission).map(({ source, transfers, ...flow }) => {
      const agents = new Set([
        ...flow.payments.map(({ agent }) => agent),
        ...transfers.flatMap(({ from, to }) => [from, to]),
        ...flow.nets.map(({ agent }) => agent),
      ])
      const own = { ...emission, payments: flow.payments, transfers, nets: flow.nets }
      return {
        question: source,
        topic: topics.get(source) ?? null,
        title: titleOfSource(topics, source),
        paidMicro: sumMicro(flow.payments),
        keptMicro: sumMicro(flow.nets),
        agents: [...agents].map((agent) => ({
          agent,
          name: nameOf(agent),
          ...sumPay([own], agent),
        })),
        transfers: transfers.map(({ from, to, amountMicro, edge }) => ({
          from,
          fromName: nameOf(from),
          to,
          toName: nameOf(to),
          amountMicro,
          edge,
        })),
      }
    }),
    faults: checkEmission(emission),
  }
}

export function topicsOf({ questions }: MarketHistory): ReadonlyMap<string, string> {
  return new Map(questions.map(({ id, body }) => [id, body.topic]))
}

/** A question as a person reads it, or the end of its id where this node does not know it. */
export function titleOfSource(topics: ReadonlyMap<string, string>, source: string): string {
  const topic = topics.get(source)
  return topic === undefined ? `question …${source.slice(-8)}` : titleOf(topic)
}
