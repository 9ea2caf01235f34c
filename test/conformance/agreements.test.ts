import type { AgreementCode, LawRefusal } from '@commonweal/protocol'
import { testCodes, testScenarios } from './scenario.ts'

testScenarios('agreements')

/** Why a law is refused is shown on the contract page. */
const codes: Record<Exclude<AgreementCode, LawRefusal>, true> = {
  'unknown-instance': true,
  'run-over': true,
  'wrong-phase': true,
  'wrong-mode': true,
  'wrong-rounds': true,
  'wrong-parties': true,
  'wrong-quorum': true,
  'bad-acceptance': true,
  'wrong-terms': true,
  'acceptance-expired': true,
  'not-a-party': true,
  'bond-too-small': true,
  'no-quorum': true,
  'already-bound': true,
  'already-ended': true,
  'too-many-agreements': true,
  'unknown-agreement': true,
  'cannot-fund-agreement': true,
}
testCodes(codes, 'agreements')
