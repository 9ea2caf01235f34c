import type {
  ForecastCode,
  RecordCode,
  ReportCode,
  ResolverCode,
  StreamCode,
} from '@commonweal/protocol'
import { testForecasts } from './forecast-scenario.ts'
import { testCodes } from './scenario.ts'

testForecasts()

/** Of the page itself; reports, streams, resolvers and records have their own pages. */
type OwnCode = Exclude<ForecastCode, ReportCode | StreamCode | ResolverCode | RecordCode>

const market: Record<OwnCode, true> = {
  'no-market': true,
  'nothing-locked': true,
  'insufficient-balance': true,
  'no-lock': true,
  'unsettled-statements': true,
  'outcomes-repeated': true,
  'snapshots-not-whole': true,
  'window-too-short': true,
  'resolves-too-early': true,
  'resolves-too-late': true,
  'opens-too-soon': true,
  'opens-too-late': true,
  'too-many-questions': true,
  'cannot-fund-question': true,
  'unknown-question': true,
  'wrong-stage': true,
  'not-a-validator': true,
  'already-admitted': true,
  'not-open-yet': true,
  'unknown-snapshot': true,
  'snapshot-closed': true,
  'already-sealed': true,
  'cannot-fund-statement': true,
  'not-sealed': true,
  'already-revealed': true,
  'wrong-reveal': true,
  'too-many-changes': true,
  'too-early': true,
  'wrong-resolver': true,
  'unknown-outcome': true,
  'same-outcome': true,
  'cannot-fund-assertion': true,
  'not-a-juror': true,
  'wrong-step': true,
}
const reports: Record<ReportCode, true> = {
  'wrong-outcome-count': true,
  'below-floor': true,
  'not-whole': true,
}
const records: Record<RecordCode, true> = { 'columns-unordered': true, 'wrong-proof': true }
testCodes({ ...market, ...reports, ...records, 'index-out-of-range': true }, 'forecast')

/** A transaction has no more receivers than a stream may have, so the first of these never comes about on a ledger. */
const streams: Record<StreamCode, true> = {
  'too-many-receivers': true,
  'receivers-unordered': true,
  'pays-itself': true,
  'share-out-of-range': true,
  'passes-too-much': true,
}
testCodes(streams, 'forecast', 'emission')
