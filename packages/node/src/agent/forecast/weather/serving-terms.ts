import type { ServingTerms } from '../serving.ts'

/**
 * When suppliers of weather serve. One day says little about whom to pay: the gain of a signal on a question is a few hundredths
 * of a nat, with a deviation ten times that. So a customer has a year of both questions to find out; after that it must pay.
 */
export const WEATHER_SERVING: ServingTerms = { probationCount: 730, askingBps: 1 }
