import type { AgentId, FlowTransfer, Payment } from '@commonweal/protocol'

/** What one source brought: who was paid, what passed on, what was kept. */
export interface SourceFlow {
  readonly source: string
  readonly payments: readonly Payment[]
  readonly transfers: readonly MarkedTransfer[]
  readonly nets: readonly Payment[]
}

/**
 * A transfer, as seen from those who were paid: `tree` leads to somebody who was not met before, `cross` to somebody who was,
 * `back` to somebody whose money it is a part of already, which closes a cycle.
 */
export interface MarkedTransfer extends FlowTransfer {
  readonly edge: 'tree' | 'cross' | 'back'
}

/** The flows of an emission by source, those with most pay first; within one, too, the greatest amounts come first. */
export function splitBySource(of: {
  readonly payments: readonly Payment[]
  readonly transfers: readonly FlowTransfer[]
  readonly nets: readonly Payment[]
}): readonly SourceFlow[] {
  const [payments, transfers, nets] = [
    Map.groupBy(of.payments, ({ source }) => source),
    Map.groupBy(of.transfers, ({ source }) => source),
    Map.groupBy(of.nets, ({ source }) => source),
  ]
  const sources = [...new Set([...payments.keys(), ...transfers.keys(), ...nets.keys()])]
  return sources
    .map((source) => {
      const paid = (payments.get(source) ?? []).toSorted(compareAmounts)
      return {
        source,
        payments: paid,
        transfers: markTransfers(paid, transfers.get(source) ?? []),
        nets: (nets.get(source) ?? []).toSorted(compareAmounts),
      }
    })
    .toSorted((a, b) => compareBigint(sumMicro(b.payments), sumMicro(a.payments)))
}

/** Walks from everybody who was paid down the transfers, each once. */
function markTransfers(
  payments: readonly Payment[],
  transfers: readonly FlowTransfer[],
): readonly MarkedTransfer[] {
  const byFrom = Map.groupBy(transfers, ({ from }) => from)
  const [met, open] = [new Set<AgentId>(), new Set<AgentId>()]
  const marked: MarkedTransfer[] = []
  const walk = (agent: AgentId): void => {
    met.add(agent)
    open.add(agent)
    for (const transfer of (byFrom.get(agent) ?? []).toSorted(compareAmounts)) {
      const seen = open.has(transfer.to) ? 'back' : 'cross'
      const edge = met.has(transfer.to) ? seen : 'tree'
      marked.push({ ...transfer, edge })
      if (edge === 'tree') walk(transfer.to)
    }
    open.delete(agent)
  }
  for (const { agent } of payments) if (!met.has(agent)) walk(agent)
  // Of a sender that got nothing: the sums say that it is wrong.
  for (const { from } of transfers) if (!met.has(from)) walk(from)
  return marked
}

/** By amount, the greatest first, and then by who gets it, so that the same flow looks the same. */
export function compareAmounts(
  a: { readonly amountMicro: bigint; readonly agent?: string; readonly to?: string },
  b: { readonly amountMicro: bigint; readonly agent?: string; readonly to?: string },
): number {
  const byAmount = compareBigint(b.amountMicro, a.amountMicro)
  return byAmount || ((a.agent ?? a.to ?? '') < (b.agent ?? b.to ?? '') ? -1 : 1)
}

export function sumMicro(amounts: readonly { readonly amountMicro: bigint }[]): bigint {
  return amounts.reduce((sum, { amountMicro }) => sum + amountMicro, 0n)
}

function compareBigint(a: bigint, b: bigint): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
