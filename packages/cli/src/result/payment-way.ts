import { splitBySource } from '../forecast/flow-graph.ts'
import type { MarketHistory } from '../forecast/market-history.ts'
import { sumPay } from '../forecast/pay.ts'

/** A payment, and where the largest part of it went from agent to agent. */
export interface PaymentWay {
  readonly epoch: number
  readonly question: string
  /**
   * The first is who was paid; each of the others got the most of what the one before passed on. An amount is the part of
   * this payment: who got more of the question passed the same part of all of it on. Rounded down.
   */
  readonly hops: readonly { readonly agent: string; readonly amountMicro: bigint }[]
}

/** The largest payments, the greatest first, each followed down to who passes nothing on to anybody new. */
export function findTopPayments(
  { emissions }: MarketHistory,
  countMax: number,
): readonly PaymentWay[] {
  const paid = emissions.flatMap((emission) =>
    splitBySource(emission).flatMap((flow) =>
      flow.payments.map((payment) => ({ emission, flow, payment })),
    ),
  )
  return paid
    .toSorted((a, b) => (a.payment.amountMicro > b.payment.amountMicro ? -1 : 1))
    .slice(0, countMax)
    .map(({ emission, flow, payment }) => {
      const { epoch } = emission
      const { agent, amountMicro } = payment
      const hops: { agent: string; amountMicro: bigint }[] = [{ agent, amountMicro }]
      for (;;) {
        // Transfers of one sender come with the greatest first.
        const next = flow.transfers.find(
          ({ from, to }) => from === hops.at(-1)?.agent && hops.every((hop) => hop.agent !== to),
        )
        const last = hops.at(-1)
        if (next === undefined || last === undefined) {
          return { epoch, question: flow.source, hops }
        }
        const { paidMicro, receivedMicro } = sumPay([emission], last.agent, flow.source)
        const allMicro = paidMicro + receivedMicro
        hops.push({
          agent: next.to,
          amountMicro: (last.amountMicro * next.amountMicro) / allMicro,
        })
      }
    })
}
