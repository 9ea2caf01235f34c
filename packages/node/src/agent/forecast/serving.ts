import type { Customer } from './forecaster.ts'

/** When a supplier sends its statements to an agent that asks for them. */
export interface ServingTerms {
  /** Settled questions on which the supplier speaks before it asks to be paid: it is on probation, whoever the customer is. */
  readonly probationCount: number
  /** Basis points of all it earns that it must pass to the supplier afterwards. */
  readonly askingBps: number
}

/** Thirty questions are enough to learn who is worth paying; a hundredth of what a customer earns is asked then. [CRD-10] */
export const SERVING_TERMS_DEFAULT: ServingTerms = { probationCount: 30, askingBps: 100 }

/** Whether a customer is served: because the supplier is on probation, or because it pays what is asked. [CRD-10] */
export function servesCustomer({ bps, servedCount }: Customer, terms: ServingTerms): boolean {
  return servedCount < terms.probationCount || bps >= terms.askingBps
}
