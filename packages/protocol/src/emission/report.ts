import { invariant } from '../invariant.ts'
import { OUTCOME_COUNT_MAX } from '../message/forecast.ts'
import { ok, type Result, reject } from '../result.ts'
import { WHOLE_BPS } from './log-table.ts'

/** Basis points on each outcome, in the question's order. [EMI-2] */
export type Report = readonly number[]

export type ReportCode = 'wrong-outcome-count' | 'below-floor' | 'not-whole'

/** The least that a report gives to an outcome, ε_bps = min(100, ⌊1000/K⌋). [EMI-2] */
export function reportFloorBps(outcomeCount: number): number {
  invariant(
    outcomeCount >= 2 && outcomeCount <= OUTCOME_COUNT_MAX,
    'a question has 2 … 64 outcomes',
  )
  return Math.min(100, Math.floor(1_000 / outcomeCount))
}

/**
 * Whether these are basis points on the outcomes of a question.
 *
 * Shape   integers, one for each of 2 … OUTCOME_COUNT_MAX outcomes.
 * Units   basis points: 10 000 are certainty.
 * Errors  'wrong-outcome-count' · 'below-floor' an outcome has less than ε_bps, or no integer · 'not-whole' the sum is not 10 000;
 *         all reject, in this order.
 * Source  spec/emission.md [EMI-2]
 */
export function checkReport(report: Report, outcomeCount: number): Result<Report, ReportCode> {
  if (report.length !== outcomeCount) {
    return reject('wrong-outcome-count', { count: report.length, outcomeCount })
  }
  const floorBps = reportFloorBps(outcomeCount)
  const low = report.findIndex((bps) => !Number.isSafeInteger(bps) || bps < floorBps)
  if (low !== -1) return reject('below-floor', { outcome: low, floorBps })
  const sum = report.reduce((total, bps) => total + bps, 0)
  if (sum !== WHOLE_BPS) return reject('not-whole', { sum })
  return ok(report)
}
