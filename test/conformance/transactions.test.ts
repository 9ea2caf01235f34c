import type { BlockCode } from '@commonweal/protocol'
import { testCodes, testScenarios } from './scenario.ts'

testScenarios('transactions')

/** What an envelope can be refused for is shown on the encoding page, what the faucet refuses on the ledger page. */
const codes: Record<BlockCode, true> = {
  'too-many-transactions': true,
  'block-too-large': true,
  'unknown-account': true,
  'wrong-nonce': true,
  'fee-too-low': true,
  'cannot-pay-fee': true,
  'wrong-kind': true,
  'too-large': true,
  'too-deep': true,
  malformed: true,
  'non-canonical': true,
  'unknown-kind': true,
  'bad-shape': true,
  'bad-signature': true,
  'insufficient-balance': true,
  'insufficient-bond': true,
  'too-many-unbondings': true,
  'no-faucet': true,
  'faucet-empty': true,
  'faucet-too-soon': true,
  'faucet-epoch-limit': true,
}
testCodes(codes, 'transactions', 'encoding', 'ledger')
