import type { Cid } from '../codec/cid.ts'
import type { AgentId } from '../identity/agent-id.ts'
import type { TransactionKind } from '../message/transaction.ts'
import type { Facts } from '../result.ts'

/** What became of a transaction in a block: `ok`, or the code of a refusal that spent nonce and fee and did no more. [TX-3] */
export interface Receipt {
  readonly id: Cid
  readonly author: AgentId
  readonly kind: TransactionKind
  readonly code: string
  readonly facts: Facts
}
