/** Attacks on a forecasting market, played on whole ledgers, and what they gain. */

export { type LedgerAttackGroup, ledgerAttacks } from './attacks.ts'
export { copiedStatement } from './copied-statement.ts'
export { dividedLocks, divideLock, lockChurn, streamGames } from './dust.ts'
export { type Farm, farmedQuestions, farms } from './farmed-question.ts'
export {
  type Holding,
  type LedgerAttack,
  type LedgerGain,
  measureLedgerGain,
} from './ledger-gain.ts'
export {
  createMarket,
  LOCK_MICRO,
  outcomeIs,
  paidTo,
  settle,
  weightOf,
  worthOf,
} from './market.ts'
export { type Reopening, reopenedLock, reopenings } from './reopened-lock.ts'
export { MOMENTS, type Moment, type StreamSwitch, streamSwitch } from './stream-switch.ts'
export { type Withholding, withheldReport, withholdings } from './withheld-report.ts'
