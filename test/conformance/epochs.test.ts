import type { ActCode, ShareCode } from '@commonweal/protocol'
import { testCodes, testScenarios } from './scenario.ts'

testScenarios('epochs')

const act: Record<ActCode, true> = {
  'unknown-instance': true,
  'not-seated': true,
  'run-over': true,
  'wrong-phase': true,
  'sits-out': true,
  'already-sealed': true,
  'already-passed': true,
  'cannot-fund-seal': true,
  'not-sealed': true,
  'already-revealed': true,
  'wrong-reveal': true,
  'action-out-of-range': true,
  'owes-reveal': true,
}
const share: Record<ShareCode, true> = {
  'not-a-validator': true,
  'wrong-phase': true,
  'already-sealed': true,
  'not-sealed': true,
  'already-revealed': true,
  'wrong-reveal': true,
}
testCodes({ ...act, ...share }, 'epochs')
