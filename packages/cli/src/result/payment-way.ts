import { splitBySource } from '../forecast/flow-graph.ts'
import type { MarketHistory } from '../forecast/market-history.ts'

/** A payment, and where the largest part of it went from agent to agent. */
export interface PaymentWay {
  readonly epoch: number
  readonly question: string
  /** The first is who was paid; each of the others got the most of what the one before passed on. */
  readonly hops: readonly { readonly agent: string; readonly amountMicro: bigint }[]
}

/** The largest payments, the greatest first, each followed down to who passes nothing on to anybody new. */
export function findTopPayments(
  { emissions }: MarketHistory,
  countMax: number,
): readonly PaymentWay[] {
  const paid = emissions.flatMap((emission) =>
    splitBySource(emission).flatMap((flow) =>
      flow.payments.map((payment) => ({ epoch: emission.epoch, flow, payment })),
    ),
  )
  return paid
    .toSorted((a, b) => (a.payment.amountMicro > b.payment.amountMicro ? -1 : 1))
    .slice(0, countMax)
    .map(({ epoch, flow, payment }) => {
      const { agent, amountMicro } = payment
      const hops: { agent: string; amountMicro: bigint }[] = [{ agent, amountMicro }]
      for (;;) {
        // Transfers of one sender come with the greatest first.
        const next = flow.transfers.find(
          ({ from, to }) => from === hops.at(-1)?.agent && hops.every((hop) => hop.agent !== to),
        )
        if (next === undefined) return { epoch, question: flow.source, hops }
        hops.push({ agent: next.to, amountMicro: next.amountMicro })
      }
    })
}
