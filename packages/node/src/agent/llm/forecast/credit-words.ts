import type { AgentId } from '@commonweal/protocol'
import { computeCreditError, type PayRecords } from '../../forecast/pay-shares.ts'
import type { Prosociality } from '../../prosocial.ts'
import { quote } from '../foreign-text.ts'
import type { Values } from '../prompt.ts'
import type { PayLimits } from './forecast-mandate.ts'
import { type ForecastMemory, NO_RECORD } from './forecast-memory.ts'
import { describeRecord, nameSupplier, type SupplierNames } from './forecast-words.ts'

export interface CreditTelling {
  readonly names: SupplierNames
  readonly memory: ForecastMemory
  readonly records: PayRecords
  readonly limits: PayLimits
  readonly prosociality: Prosociality
  /** What each supplier is passed now, in basis points. */
  readonly passedBps: ReadonlyMap<AgentId, number>
  /** What a supplier said last. */
  readonly wordsOf: (agent: AgentId) => string
}

/** Values of `forecast-credit`. */
export function describeCredit(telling: CreditTelling): Values {
  const { limits, prosociality, passedBps, names } = telling
  const passed = [...passedBps.values()].reduce((sum, bps) => sum + bps, 0)
  return {
    weight: describeSharing(prosociality),
    suppliers: names.suppliers
      .flatMap((supplier) => describeSupplier(supplier, telling))
      .join('\n'),
    passedBps: String(passed),
    passBpsMin: String(limits.passBpsMin),
    passBpsMax: String(limits.passBpsMax),
  }
}

function describeSupplier(agent: AgentId, telling: CreditTelling): readonly string[] {
  const { names, memory, records, limits, passedBps, wordsOf } = telling
  const record = records.get(agent)
  const credit =
    record === undefined
      ? 'never used'
      : `credit ${milli(record.credit)} ± ${milli(computeCreditError(record))}`
  const facts = [
    credit,
    describeRecord(memory.suppliers.get(agent) ?? NO_RECORD),
    `gets ${passedBps.get(agent) ?? 0} now, may get up to ${limits.supplierBpsMax.get(agent) ?? 0}`,
  ]
  const said = wordsOf(agent)
  return [
    `- ${nameSupplier(names, agent)}: ${facts.join('; ')}`,
    ...(said === '' ? [] : [`  ${quote(`supplier ${names.suppliers.indexOf(agent)}`, said)}`]),
  ]
}

function milli(nats: number): string {
  return (1_000 * nats).toFixed(1)
}

/** What an agent cares about where it shares money out: the same weight as in weight-words.ts. [AGT-6] */
function describeSharing({ lambda, alpha }: Prosociality): string {
  const rate = formatRate(alpha)
  const scale = `Your weight on the others is ${rate} (λ = ${lambda === Number.POSITIVE_INFINITY ? 'infinite' : formatRate(lambda)}): 0 is to count only your own tokens, 1 to count everybody's alike.`
  if (alpha === 0) {
    return `${scale} You want as many tokens for yourself as you can get. What your suppliers get matters to you only as far as it keeps them serving you.`
  }
  if (alpha === 1) {
    return `${scale} Who of you gets a token, you or a supplier that earned it, makes no difference to you.`
  }
  return `${scale} One token that a supplier gets is worth ${rate} of a token of your own to you, beside what its reports bring you as long as it serves you.`
}

function formatRate(value: number): string {
  return String(Number(value.toPrecision(3)))
}
