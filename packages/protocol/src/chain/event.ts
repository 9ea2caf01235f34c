import type { Cid } from '../codec/cid.ts'
import type { Digest } from '../codec/digest.ts'
import type { EnforcementRecord } from '../contract/enforcement.ts'
import type { Terms } from '../contract/terms.ts'
import type { Payment } from '../emission/emission-share.ts'
import type { FlowTransfer } from '../emission/flow.ts'
import type { StreamShares } from '../emission/stream.ts'
import type { AgentId } from '../identity/agent-id.ts'
import type { QuestionBody, Statement } from '../message/forecast.ts'
import type { SettledJuror } from '../resolution/jury-settle.ts'

/** A phase of an epoch, in this order; `signal` only where an instance shows one. [EPO-1] */
export type Phase = 'negotiate' | 'signal' | 'seal' | 'reveal' | 'beacon'

/** What a block did beyond its receipts, for whoever watches. Follows from the block; not part of the state. */
export type ChainEvent =
  | {
      readonly kind: 'phase'
      readonly epoch: number
      readonly phase: Phase
      readonly height: number
    }
  | {
      readonly kind: 'agreement-formed'
      readonly id: Cid
      readonly terms: Terms
      readonly signers: readonly AgentId[]
      /** Collateral that this took into the agreement's custody, by seat. */
      readonly takenMicro: readonly bigint[]
    }
  | {
      readonly kind: 'agreement-ended'
      readonly id: Cid
      /** What its custody paid back, by seat. */
      readonly returnedMicro: readonly bigint[]
      readonly why: 'expired' | 'replaced' | 'terminated' | 'run-ended'
    }
  /** A round was settled. `row` is the subnet's public record of it. */
  | {
      readonly kind: 'round-settled'
      readonly subnet: string
      readonly epoch: number
      readonly run: number
      readonly row: unknown
      readonly laws: readonly { readonly id: Cid; readonly records: readonly EnforcementRecord[] }[]
      readonly creditsMicro: readonly bigint[]
    }
  | {
      readonly kind: 'run-started'
      readonly subnet: string
      readonly run: number
      readonly seats: readonly AgentId[]
    }
  | { readonly kind: 'run-ended'; readonly subnet: string; readonly run: number }
  | {
      readonly kind: 'sits-out'
      readonly subnet: string
      readonly agent: AgentId
      readonly code: 'cannot-fund-round'
    }
  | {
      readonly kind: 'question-asked'
      readonly question: Cid
      readonly author: AgentId
      /** With the height at which it really opens. */
      readonly body: QuestionBody
    }
  /** Nobody admitted it in time. */
  | { readonly kind: 'question-lapsed'; readonly question: Cid }
  | { readonly kind: 'question-stage'; readonly question: Cid; readonly stage: QuestionStage }
  | {
      readonly kind: 'statement-opened'
      readonly question: Cid
      readonly author: AgentId
      readonly snapshot: number
      /** Place of its seal among all of the question, from 0. */
      readonly order: number
      /** What was sealed: the statement's id. */
      readonly digest: Digest
      readonly statement: Statement
    }
  | ({ readonly kind: 'outcome-asserted' } & OutcomeClaim)
  | ({ readonly kind: 'outcome-disputed' } & OutcomeClaim)
  | {
      readonly kind: 'jury-drawn'
      readonly question: Cid
      readonly round: number
      readonly jurors: readonly AgentId[]
    }
  | {
      readonly kind: 'jury-tallied'
      readonly question: Cid
      readonly round: number
      readonly result: 'decided' | 'undecided' | 'too-few-reveals'
      readonly outcome: number | null
    }
  /** Juries have decided, or cannot: `outcome` is null where the question is void. */
  | {
      readonly kind: 'dispute-settled'
      readonly question: Cid
      readonly outcome: number | null
      /** What each side gets of both bonds, its own included. */
      readonly asserterMicro: bigint
      readonly disputerMicro: bigint
      /** Of all juries together, by agent id. */
      readonly jurors: readonly SettledJuror[]
    }
  /** Weight has moved. `outcome` is null where the question is void: then none has. */
  | {
      readonly kind: 'question-settled'
      readonly question: Cid
      readonly outcome: number | null
      readonly house: { readonly beforeMicro: bigint; readonly afterMicro: bigint }
      readonly weights: readonly ScoredWeight[]
    }
  /** From this height on an agent passes this on; a question goes by the height at which it opens. */
  | {
      readonly kind: 'stream-set'
      readonly agent: AgentId
      readonly fromHeight: number
      readonly shares: StreamShares
    }
  /** What an epoch minted: who was paid for which question, and where it went from there. */
  | {
      readonly kind: 'emission-settled'
      readonly epoch: number
      readonly emissionMicro: bigint
      readonly unmintedMicro: bigint
      readonly payments: readonly Payment[]
      readonly transfers: readonly FlowTransfer[]
      readonly nets: readonly Payment[]
    }
  | {
      readonly kind: 'slashed'
      readonly agent: AgentId
      readonly offence: Offence
      readonly amountMicro: bigint
    }

/** Somebody bonds for what came true; of a dispute, for another outcome than the one asserted. [RES-6] */
export interface OutcomeClaim {
  readonly question: Cid
  readonly agent: AgentId
  readonly outcome: number
  readonly bondMicro: bigint
}

/** Where a question stands. [FOR-4] */
export type QuestionStage =
  | 'proposed'
  | 'open'
  | 'revealing'
  | 'waiting'
  | 'asserted'
  | 'disputed'
  | 'jury'
  | 'final'

/** The weight of one agent that took part in a question, before it and after. */
export interface ScoredWeight {
  readonly agent: AgentId
  readonly beforeMicro: bigint
  readonly afterMicro: bigint
}

/** [SLA-1] */
export type Offence =
  | 'conflicting-votes'
  | 'equivocation'
  | 'seal-not-revealed'
  | 'share-not-revealed'
  | 'unfunded-agreement'
  | 'statement-not-opened'
  | 'incoherent-verdict'
