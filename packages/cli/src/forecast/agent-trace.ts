import type { NameOf } from './agent-names.ts'
import { titleOfSource, topicsOf } from './epoch-trace.ts'
import type { EpochEmission, MarketHistory } from './market-history.ts'
import { type Pay, sumPay } from './pay.ts'

/** All that one agent was paid and received, and where it went from there. */
export interface AgentTrace extends Pay {
  readonly agent: string
  readonly name: string
  /** Latest first. */
  readonly sources: readonly AgentSource[]
  /** Over all sources, the greatest amounts first. */
  readonly suppliers: readonly Partner[]
  readonly customers: readonly Partner[]
  /** Whether paid + received = passed on + kept, to the micro-unit, of every source. */
  readonly isBalanced: boolean
}

/** What a question brought to the agent. */
export interface AgentSource extends Pay {
  readonly epoch: number
  readonly question: string
  readonly topic: string | null
  readonly title: string
  readonly receivedFrom: readonly Partner[]
  readonly passedTo: readonly Partner[]
}

/** Another agent, and all that passed between it and this one. */
export interface Partner {
  readonly agent: string
  readonly name: string
  readonly amountMicro: bigint
}

export function traceAgent(history: MarketHistory, agent: string, nameOf: NameOf): AgentTrace {
  const topics = topicsOf(history)
  const sources = history.emissions.toReversed().flatMap((emission) =>
    sourcesOf(emission, agent).map((source): AgentSource => {
      const own = transfersOf(emission).filter((transfer) => transfer.source === source)
      return {
        epoch: emission.epoch,
        question: source,
        topic: topics.get(source) ?? null,
        title: titleOfSource(topics, source),
        ...sumPay([emission], agent, source),
        receivedFrom: partnersOf(own, agent, 'from', nameOf),
        passedTo: partnersOf(own, agent, 'to', nameOf),
      }
    }),
  )
  const all = history.emissions.flatMap(transfersOf)
  return {
    agent,
    name: nameOf(agent),
    ...sumPay(history.emissions, agent),
    sources,
    customers: partnersOf(all, agent, 'from', nameOf),
    suppliers: partnersOf(all, agent, 'to', nameOf),
    isBalanced: sources.every(
      ({ paidMicro, receivedMicro, passedOnMicro, keptMicro }) =>
        paidMicro + receivedMicro === passedOnMicro + keptMicro,
    ),
  }
}

type Transfers = EpochEmission['transfers']

function transfersOf({ transfers }: EpochEmission): Transfers {
  return transfers
}

/** Questions that brought it anything, in the order of the emission. */
function sourcesOf({ payments, transfers, nets }: EpochEmission, agent: string): readonly string[] {
  return [
    ...new Set([
      ...payments.filter((one) => one.agent === agent).map(({ source }) => source),
      ...transfers
        .filter(({ from, to }) => from === agent || to === agent)
        .map(({ source }) => source),
      ...nets.filter((one) => one.agent === agent).map(({ source }) => source),
    ]),
  ]
}

/** Those on the other end of the agent's transfers, on one side. */
function partnersOf(
  transfers: Transfers,
  agent: string,
  side: 'from' | 'to',
  nameOf: NameOf,
): readonly Partner[] {
  const own = side === 'from' ? 'to' : 'from'
  const amounts = new Map<string, bigint>()
  for (const transfer of transfers) {
    if (transfer[own] !== agent) continue
    const partner = transfer[side]
    amounts.set(partner, (amounts.get(partner) ?? 0n) + transfer.amountMicro)
  }
  return [...amounts]
    .map(([partner, amountMicro]) => ({ agent: partner, name: nameOf(partner), amountMicro }))
    .toSorted((a, b) => (a.amountMicro > b.amountMicro ? -1 : 1))
}
