import {
  type AgentId,
  checkReport,
  checkStream,
  compareAgents,
  type Statement,
  type StreamShares,
  statementSchema,
  streamSharesSchema,
} from '@commonweal/protocol'
import type { ForecastSituation, SettledQuestion } from '../forecast/forecaster.ts'
import {
  checkForecast,
  checkPay,
  computeFloorsBps,
  computePayLimits,
} from '../llm/forecast/forecast-mandate.ts'
import { mergeRecords, noBooks, poolOf, stepBooks } from '../llm/forecast/kind-books.ts'
import type { Mandate } from '../llm/mandate.ts'
import { granted, grantedByLedger, refuseAnswer } from './granted.ts'

export interface ForecastGuardOptions {
  readonly agent: AgentId
  readonly suppliers: readonly AgentId[]
  /** Null: only what no ledger takes is refused. */
  readonly mandate: Mandate | null
}

/** What a forecaster may say and pay. Its mandate goes by what each supplier was worth, which is learned here. */
export class ForecastGuard {
  readonly #options: ForecastGuardOptions
  #books = noBooks

  constructor(options: ForecastGuardOptions) {
    this.#options = options
  }

  learn(settled: SettledQuestion): void {
    if (this.#options.mandate !== null) {
      this.#books = stepBooks(this.#books, settled, this.#options)
    }
  }

  /** What it says of a question; null where it says nothing. Errors  ModelFailure */
  toStatement(situation: ForecastSituation, said: unknown): Statement | null {
    if (said === null) return null
    const statement = statementSchema.safeParse(said).data
    if (statement === undefined) return refuseAnswer('what it says is no statement, and not null')
    const { report } = statement
    if (report === null) return statement
    const { mandate, suppliers } = this.#options
    const outcomeCount = situation.question.outcomes.length
    if (mandate === null) grantedByLedger(checkReport(report, outcomeCount))
    else {
      const floorsBps = computeFloorsBps(mandate, poolOf(this.#books, suppliers, situation))
      granted(mandate, checkForecast(report, floorsBps))
    }
    return statement
  }

  /** Whom it passes on what; null where it changes nothing. Errors  ModelFailure */
  toShares(said: unknown): StreamShares | null {
    if (said === null) return null
    const written = streamSharesSchema.safeParse(said).data
    if (written === undefined) return refuseAnswer('what it passes on are no shares, and not null')
    const shares = written.toSorted((a, b) => compareAgents(a.to, b.to))
    const { agent, suppliers, mandate } = this.#options
    if (mandate === null) return grantedByLedger(checkStream(agent, shares))
    const limits = computePayLimits(mandate, suppliers, mergeRecords(this.#books))
    return granted(mandate, checkPay(agent, shares, limits))
  }
}
