import type { AgentId } from '../identity/agent-id.ts'
import type { Draft } from '../ledger/draft.ts'
import type { Transaction, TransactionKind } from '../message/transaction.ts'
import type { ChainContext } from './context.ts'
import type { ChainEvent } from './event.ts'

/** What an executor works on: the ledger under change, and the events that it adds. */
export interface Work extends Draft {
  readonly context: ChainContext
  readonly events: ChainEvent[]
}

/** A transaction of one kind. */
export type TransactionOf<K extends TransactionKind> = Extract<
  Transaction,
  { readonly kind: K }
> & {
  readonly author: AgentId
}
