import { splitBySource, sumMicro } from './flow-graph.ts'
import type { EpochEmission } from './market-history.ts'
import { sumPay } from './pay.ts'

/** Something that does not add up; amounts are in micro-tokens. */
export type EmissionFault =
  | {
      readonly kind: 'emission'
      readonly paidMicro: bigint
      readonly unmintedMicro: bigint
      readonly emissionMicro: bigint
    }
  | {
      readonly kind: 'source'
      readonly source: string
      readonly paidMicro: bigint
      readonly keptMicro: bigint
    }
  | {
      readonly kind: 'agent'
      readonly source: string
      readonly agent: string
      readonly inMicro: bigint
      readonly outMicro: bigint
    }

/**
 * What is off in an emission, to the micro-unit: Σ paid + unminted = E; for each source Σ paid = Σ kept; for each source and
 * agent paid + received = passed on + kept. [EMI-7] [EMI-11] [EMI-12]
 *
 * Result  nothing where all adds up.
 */
export function checkEmission(emission: EpochEmission): readonly EmissionFault[] {
  const faults: EmissionFault[] = []
  const { emissionMicro, unmintedMicro } = emission
  const paidMicro = sumMicro(emission.payments)
  if (paidMicro + unmintedMicro !== emissionMicro) {
    faults.push({ kind: 'emission', paidMicro, unmintedMicro, emissionMicro })
  }
  for (const { source, payments, transfers, nets } of splitBySource(emission)) {
    const [paid, kept] = [sumMicro(payments), sumMicro(nets)]
    if (paid !== kept) faults.push({ kind: 'source', source, paidMicro: paid, keptMicro: kept })
    const agents = new Set([
      ...[...payments, ...nets].map(({ agent }) => agent),
      ...transfers.flatMap(({ from, to }) => [from, to]),
    ])
    for (const agent of agents) {
      const pay = sumPay([{ ...emission, payments, transfers, nets }], agent)
      const inMicro = pay.paidMicro + pay.receivedMicro
      const outMicro = pay.passedOnMicro + pay.keptMicro
      if (inMicro !== outMicro) faults.push({ kind: 'agent', source, agent, inMicro, outMicro })
    }
  }
  return faults
}
