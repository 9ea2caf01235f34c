import {
  type AgentId,
  checkReport,
  checkStream,
  ok,
  type Rejection,
  type Report,
  type Result,
  reject,
  reportFloorBps,
  STREAM_BPS_MAX,
  type StreamShares,
  WHOLE_BPS,
} from '@commonweal/protocol'
import { computeCreditError, type PayRecord, type PayRecords } from '../../forecast/pay-shares.ts'
import type { Mandate } from '../mandate.ts'
import { sayRejection } from '../say-rejection.ts'
import { refuse } from '../signed-terms.ts'

/**
 * The least that a report may give to each outcome, in basis points.
 *
 * Formula max(ε, ⌈poolPercentMin · pool⌉); ε without a mandate. So a report never scores worse than the pool by more than
 *         ln(100 / poolPercentMin) nats, whatever comes true and whatever the model was told.
 */
export function computeFloorsBps(
  mandate: Mandate | null,
  pool: readonly number[],
): readonly number[] {
  const least = reportFloorBps(pool.length)
  if (mandate === null) return pool.map(() => least)
  const { poolPercentMin } = mandate.forecast
  return pool.map((mass) =>
    Math.max(least, Math.ceil((mass * WHOLE_BPS * poolPercentMin) / 100 - ROUNDING)),
  )
}

/** A pool that is a whole number of basis points but for its last bit is that number. */
const ROUNDING = 1e-6

/** Errors  'wrong-shape' no ledger takes the report · 'outside-mandate' */
export function checkForecast(
  report: Report,
  floorsBps: readonly number[],
): Result<Report, 'wrong-shape' | 'outside-mandate'> {
  const checked = checkReport(report, floorsBps.length)
  if (!checked.ok) return refuseShape(`no ledger takes the report: ${sayReport(checked.error)}`)
  const low = report.findIndex((bps, outcome) => bps < (floorsBps[outcome] ?? 0))
  if (low === -1) return checked
  return refuse(
    `the report gives ${report[low]} to outcome ${low}, and you may give it no less than ${floorsBps[low]}`,
  )
}

/** Models add badly: how much is missing helps more than what there is. */
function sayReport(rejection: Rejection): string {
  const { sum } = rejection.facts
  if (typeof sum !== 'number') return sayRejection(rejection)
  const missing = WHOLE_BPS - sum
  return `it sums to ${sum}, which is ${Math.abs(missing)} too ${missing > 0 ? 'few' : 'many'}`
}

/** What may be passed on, in basis points: to each supplier at most, and in all. */
export interface PayLimits {
  readonly passBpsMin: number
  readonly passBpsMax: number
  readonly supplierBpsMax: ReadonlyMap<AgentId, number>
}

/**
 * What an agent may pass on: only to suppliers whose reports it used on a settled question, to one that has not proved to be
 * worth it at most `unprovenPercentMax`, and in all from `passPercentMin` to `passPercentMax`. Without a mandate only the
 * ledger's own limit.
 */
export function computePayLimits(
  mandate: Mandate | null,
  suppliers: readonly AgentId[],
  records: PayRecords,
): PayLimits {
  const toAll = (limitOf: (supplier: AgentId) => number): PayLimits['supplierBpsMax'] =>
    new Map(suppliers.map((supplier) => [supplier, limitOf(supplier)]))
  if (mandate === null) {
    return {
      passBpsMin: 0,
      passBpsMax: STREAM_BPS_MAX,
      supplierBpsMax: toAll(() => STREAM_BPS_MAX),
    }
  }
  const { passPercentMin, passPercentMax, supplierPercentMax, unprovenPercentMax } =
    mandate.forecast
  const supplierBpsMax = toAll((supplier) => {
    const record = records.get(supplier)
    if (record === undefined) return 0
    return toBps(
      isProven(record) ? supplierPercentMax : Math.min(supplierPercentMax, unprovenPercentMax),
    )
  })
  const payable = [...supplierBpsMax.values()].reduce((sum, bps) => sum + bps, 0)
  return {
    // Who has nobody to pay owes nothing.
    passBpsMin: Math.min(toBps(passPercentMin), payable),
    passBpsMax: Math.min(toBps(passPercentMax), payable),
    supplierBpsMax,
  }
}

/** Errors  'wrong-shape' no ledger takes the shares · 'outside-mandate' */
export function checkPay(
  owner: AgentId,
  shares: StreamShares,
  { passBpsMin, passBpsMax, supplierBpsMax }: PayLimits,
): Result<StreamShares, 'wrong-shape' | 'outside-mandate'> {
  const checked = checkStream(owner, shares)
  if (!checked.ok) return refuseShape(`no ledger takes the shares: ${sayRejection(checked.error)}`)
  const suppliers = [...supplierBpsMax.keys()]
  for (const { to, bps } of shares) {
    const max = supplierBpsMax.get(to) ?? 0
    if (bps > max) {
      return refuse(`supplier ${suppliers.indexOf(to)} may get at most ${max} basis points`)
    }
  }
  const passed = shares.reduce((sum, { bps }) => sum + bps, 0)
  if (passed >= passBpsMin && passed <= passBpsMax) return ok(shares)
  return refuse(
    `you pass on ${passed} basis points, and may pass on ${passBpsMin} to ${passBpsMax}`,
  )
}

/** A noise seller is ahead by one standard error every fourth time. */
const PROOF_ERRORS = 3

/** Whether a supplier's credit is above 0 beyond doubt. */
export function isProven(record: PayRecord): boolean {
  return record.credit > PROOF_ERRORS * computeCreditError(record)
}

function toBps(percent: number): number {
  return Math.floor((percent * WHOLE_BPS) / 100)
}

function refuseShape(detail: string): ReturnType<typeof reject<'wrong-shape'>> {
  return reject('wrong-shape', { detail })
}
