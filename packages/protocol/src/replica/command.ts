import type { Cid } from '../codec/cid.ts'
import type { Terms } from '../contract/terms.ts'
import type { Statement } from '../message/forecast.ts'
import type { TransactionBody } from '../message/transaction.ts'

/** What the local agent answers at its turn of a negotiation. [NEG-8] */
export type Move =
  | { readonly move: 'propose'; readonly terms: Terms }
  | { readonly move: 'accept' }
  | { readonly move: 'reject'; readonly text: string }
  | { readonly move: 'pass' }

/** What the local agent or the operator wants. A command with a `tag` is answered by an `answer` effect. */
export type Command =
  /** Signs and sends a transaction; nonce and fee are filled in. */
  | { readonly kind: 'submit'; readonly body: TransactionBody; readonly tag: string | null }
  /** The agent's action for the round of this epoch: it is sealed, and revealed when its time comes. */
  | {
      readonly kind: 'act'
      readonly subnet: string
      readonly epoch: number
      readonly action: bigint
    }
  /** What the agent says in a snapshot of a question; null where it says nothing. */
  | {
      readonly kind: 'state'
      readonly question: Cid
      readonly snapshot: number
      readonly statement: Statement | null
    }
  /** The agent's verdict as a juror. */
  | {
      readonly kind: 'judge'
      readonly question: Cid
      readonly round: number
      readonly outcome: number
    }
  /** The agent's answer to the question of this turn. */
  | {
      readonly kind: 'move'
      readonly subnet: string
      readonly epoch: number
      readonly turn: number
      readonly move: Move
    }
  /** Our consent to ending an agreement before its time. */
  | { readonly kind: 'consent'; readonly agreement: Cid }
  /** Free talk in a conversation. */
  | { readonly kind: 'inform'; readonly conversation: Cid; readonly text: string }
