import type { AgentId } from '@commonweal/protocol'

/** What one supplier has been credited with, as a moving mean that never forgets a debt. */
export interface PayRecord {
  /** A: mean credit, in nats. */
  readonly credit: number
  /** V: mean square of what a credit differs from A by. */
  readonly variance: number
  /** Mean weighted log score: w_j·(ln p_j(x) − ln r(x)), in nats. */
  readonly score: number
}

export type PayRecords = ReadonlyMap<AgentId, PayRecord>

/** What one supplier gets of one question, in nats. */
export interface Earned {
  readonly credit: number
  readonly score: number
}

const RATE = 0.02
/** Variance of a moving mean with this rate, as a part of the variance of what is averaged. */
const MEAN_VARIANCE = RATE / (2 - RATE)
const CREDIT_PART = 0.7
const SCORE_PART = 0.3
const NOTHING: Earned = { credit: 0, score: 0 }
export const UNKNOWN: PayRecord = { credit: 0, variance: 0, score: 0 }

export const noRecords: PayRecords = new Map()

/**
 * Adds one question to the records.
 *
 * Formula V ← .98V + .02(c − A)², A ← .98A + .02c, S ← .98S + .02s, V with the A from before.
 * Result  for a supplier that earned nothing on this question c and s are 0, but where its A is below 0 the record stays as it
 *         is: a debt is worked off, it does not pass with time.
 * Source  spec/credit.md [CRD-6]
 */
export function stepPay(records: PayRecords, earned: ReadonlyMap<AgentId, Earned>): PayRecords {
  const next = new Map<AgentId, PayRecord>()
  for (const agent of new Set([...records.keys(), ...earned.keys()])) {
    const record = records.get(agent) ?? UNKNOWN
    const owes = record.credit < 0 && !earned.has(agent)
    next.set(agent, owes ? record : stepRecord(record, earned.get(agent) ?? NOTHING))
  }
  return next
}

/** Adds one question to one record. [CRD-6] */
export function stepRecord({ credit, variance, score }: PayRecord, earned: Earned): PayRecord {
  return {
    credit: mean(credit, earned.credit),
    variance: mean(variance, (earned.credit - credit) ** 2),
    score: mean(score, earned.score),
  }
}

function mean(past: number, present: number): number {
  return (1 - RATE) * past + RATE * present
}

/**
 * How what is passed on is divided.
 *
 * Formula L = max(0, A − √(V·.02/1.98)); share = .7·L/ΣL + .3·S⁺/ΣS⁺, S⁺ = max(0, S)
 * Result  shares above 0 with the sum 1; none where ΣL is 0: the money is kept. Where ΣS⁺ is 0 the credit decides alone.
 * Source  spec/credit.md [CRD-6]
 */
export function computePayShares(records: PayRecords): ReadonlyMap<AgentId, number> {
  const certain = new Map(
    [...records].map(([agent, record]) => [
      agent,
      Math.max(0, record.credit - computeCreditError(record)),
    ]),
  )
  const certainAll = sumOf(certain.values())
  if (certainAll === 0) return new Map()
  const scoreAll = sumOf([...records.values()].map(({ score }) => Math.max(0, score)))
  const scorePart = scoreAll === 0 ? 0 : SCORE_PART
  const creditPart = scoreAll === 0 ? 1 : CREDIT_PART
  const shares = [...records].map(([agent, { score }]): readonly [AgentId, number] => {
    const byCredit = (certain.get(agent) ?? 0) / certainAll
    const byScore = scoreAll === 0 ? 0 : Math.max(0, score) / scoreAll
    return [agent, creditPart * byCredit + scorePart * byScore]
  })
  return new Map(shares.filter(([, share]) => share > 0))
}

/** √(V·.02/1.98): one standard error of A. [CRD-6] */
export function computeCreditError({ variance }: PayRecord): number {
  return Math.sqrt(variance * MEAN_VARIANCE)
}

export function sumOf(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
