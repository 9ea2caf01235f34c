import type { EpochEmission } from './market-history.ts'

/** What an agent got and gave: paid + received = passed on + kept. [EMI-12] */
export interface Pay {
  /** e: minted for what it said itself. */
  readonly paidMicro: bigint
  readonly receivedMicro: bigint
  readonly passedOnMicro: bigint
  /** n */
  readonly keptMicro: bigint
}

/** Of all sources or of one. */
export function sumPay(emissions: readonly EpochEmission[], agent: string, source?: string): Pay {
  const pay = { paidMicro: 0n, receivedMicro: 0n, passedOnMicro: 0n, keptMicro: 0n }
  const isMeant = (one: { readonly source: string }): boolean =>
    source === undefined || one.source === source
  for (const { payments, transfers, nets } of emissions) {
    for (const one of payments) {
      if (one.agent === agent && isMeant(one)) pay.paidMicro += one.amountMicro
    }
    for (const one of transfers) {
      if (!isMeant(one)) continue
      if (one.to === agent) pay.receivedMicro += one.amountMicro
      if (one.from === agent) pay.passedOnMicro += one.amountMicro
    }
    for (const one of nets) {
      if (one.agent === agent && isMeant(one)) pay.keptMicro += one.amountMicro
    }
  }
  return pay
}
