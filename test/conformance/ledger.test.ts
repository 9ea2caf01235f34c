import type { EvidenceCode, SeatCode, ValueCode } from '@commonweal/protocol'
import { testCodes, testScenarios } from './scenario.ts'

testScenarios('ledger')

const value: Record<ValueCode, true> = {
  'insufficient-balance': true,
  'insufficient-bond': true,
  'too-many-unbondings': true,
  'no-faucet': true,
  'faucet-empty': true,
  'faucet-too-soon': true,
  'faucet-epoch-limit': true,
}
const seat: Record<SeatCode, true> = {
  'unknown-instance': true,
  'seats-closed': true,
  'already-seated': true,
  'seats-full': true,
  'cannot-fund-seat': true,
  'not-seated': true,
}
const evidence: Record<EvidenceCode, true> = {
  'evidence-two-authors': true,
  'evidence-two-views': true,
  'evidence-no-contradiction': true,
  'bad-evidence': true,
  'no-contradiction': true,
  'evidence-too-old': true,
  'evidence-too-early': true,
  'already-punished': true,
}
testCodes({ ...value, ...seat, ...evidence }, 'ledger')
