import type { ServingTerms } from '../serving.ts'

/**
 * When suppliers of weather serve. One day says little about whom to pay: the gain of a signal on a question is a few hundredths
 * of a nat, with a deviation ten times that. So a supplier serves everybody for a year of both questions; after that a customer
 * must pay, and who comes later has the ledger to find out from.
 */
export const WEATHER_SERVING: ServingTerms = { probationCount: 730, askingBps: 1 }
