import type { ChainEvent } from '../chain/event.ts'
import type { Receipt } from '../chain/receipt.ts'
import type { Cid } from '../codec/cid.ts'
import type { Digest } from '../codec/digest.ts'
import type { ConsensusFrame, ConsensusRecord } from '../consensus/effect.ts'
import type { Terms } from '../contract/terms.ts'
import type { AgentId } from '../identity/agent-id.ts'
import type { Ledger } from '../ledger/draft.ts'
import type { Block, Certificate } from '../message/consensus.ts'
import type { Statement } from '../message/forecast.ts'
import type { TurnTaken } from '../negotiation/conversation.ts'
import type { Verdict } from '../result.ts'

/** What is on disk before anything that depends on it is on the wire. [REP-3] */
export type JournalRecord =
  | ConsensusRecord
  /** The action that the agent chose and we sealed: it cannot be derived again. */
  | {
      readonly kind: 'action'
      readonly subnet: string
      readonly epoch: number
      readonly action: bigint
    }
  /**
   * What we sealed about a question, and our verdicts: neither can be derived again. Filed under an epoch up to which it is kept,
   * and filed again before that is over.
   */
  | {
      readonly kind: 'statement'
      readonly epoch: number
      readonly question: Cid
      readonly snapshot: number
      readonly statement: Statement
    }
  | {
      readonly kind: 'verdict'
      readonly epoch: number
      readonly question: Cid
      readonly round: number
      readonly outcome: number
    }

export interface FinalBlock {
  readonly id: Cid
  readonly block: Block
  readonly receipts: readonly Receipt[]
  readonly events: readonly ChainEvent[]
}

/** A state that can be handed to a newcomer: the ledger after b_e. */
export interface Snapshot {
  readonly epoch: number
  readonly height: number
  readonly id: Cid
  readonly ledger: Ledger
}

/** Terms on the table, and the seats that hold them (their proposer included). */
export interface Standing {
  readonly proposal: Cid
  readonly terms: Terms
  readonly holders: readonly number[]
}

/** A question to the local agent; its answer comes back as a command. */
export type AgentQuestion =
  | { readonly kind: 'act'; readonly subnet: string; readonly epoch: number; readonly seat: number }
  | {
      readonly kind: 'negotiate'
      readonly subnet: string
      readonly epoch: number
      readonly seat: number
      /** The epoch whose round the contract is for. */
      readonly target: number
      readonly turn: number
      readonly standing: Standing | null
      readonly transcript: readonly TurnTaken[]
    }

/**
 * What a replica wants done, in this order. What stands behind a `persist` is done only once the records are on disk.
 */
export type Effect =
  | { readonly kind: 'persist'; readonly records: readonly JournalRecord[] }
  | { readonly kind: 'publish'; readonly topic: Topic; readonly envelope: Uint8Array }
  | { readonly kind: 'send'; readonly to: AgentId | null; readonly frame: ConsensusFrame }
  | { readonly kind: 'fetch-block'; readonly id: Cid; readonly from: AgentId | null }
  | { readonly kind: 'sync'; readonly from: AgentId | null }
  /** Blocks that became final, oldest first; the certificate finalizes the last. To be stored. */
  | {
      readonly kind: 'final'
      readonly blocks: readonly FinalBlock[]
      readonly certificate: Certificate
    }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'ask-agent'; readonly question: AgentQuestion }
  /** What does the agent say in this snapshot? Seals are taken up to `closeHeight`. Its answer is a command. */
  | {
      readonly kind: 'ask-forecast'
      readonly question: Cid
      readonly snapshot: number
      readonly closeHeight: number
    }
  /** What does the agent, a juror, say came true? */
  | { readonly kind: 'ask-verdict'; readonly question: Cid; readonly round: number }
  /** Our statement is sealed: those who pay for it may have it. */
  | {
      readonly kind: 'statement-sealed'
      readonly question: Cid
      readonly snapshot: number
      readonly statement: Statement
      readonly salt: Uint8Array
      readonly digest: Digest
    }
  /** What the transport is told about the message, certificate, block or chain that this step took in. */
  | { readonly kind: 'verdict'; readonly verdict: Verdict; readonly code: string | null }
  /** The answer to a command with a tag: the id of the transaction, or why there is none. */
  | {
      readonly kind: 'answer'
      readonly tag: string
      readonly id: Cid | null
      readonly code: string | null
    }
  /** A turn of a negotiation was taken, by us or by another: for logs and the status line. */
  | {
      readonly kind: 'heard'
      readonly subnet: string
      readonly conversation: Cid
      readonly target: number
      readonly turn: TurnTaken
    }

export type Topic = 'consensus' | 'transactions' | 'negotiation'
