import type {
  AgentId,
  BoundLaw,
  Cid,
  CommonsParams,
  CommonsRow,
  CommonsState,
  ContractMode,
  LawState,
  ReasonCode,
  Terms,
} from '@commonweal/protocol'
import type { Forecaster } from './forecast/forecaster.ts'
import type { QuestionOpener } from './forecast/question-opener.ts'

/**
 * A policy: what one node does in the subnets that it sits in. [AGT-5]
 *
 * It is a function of the situation alone. The built-in agents answer at once and always alike; one that asks a model
 * returns a promise. Whatever it throws is the operator's to see; the node then passes.
 */
export interface Agent {
  /** For logs and tables: "utility λ=0.6". */
  readonly name: string
  /** Its turn in a negotiation. */
  negotiate(situation: NegotiationSituation): Answer<Move>
  /** Its action of the round: for a commons, how much to request. */
  act(situation: Situation): Answer<bigint>
  /** Where it takes part in the forecasting market. */
  readonly forecaster?: Forecaster
  /** Where it asks the questions of that market. */
  readonly opener?: QuestionOpener
}

export type Answer<T> = T | Promise<T>

/** What a speaker does with its turn. [AGT-3] */
export type Move =
  | { readonly move: 'propose'; readonly terms: Terms }
  | { readonly move: 'accept' }
  | { readonly move: 'reject'; readonly reason: ReasonCode; readonly text: string }
  | { readonly move: 'pass' }

/**
 * All that an agent may observe of a round before it acts; everything in it but `signalRatePercent` is public.
 *
 * A kind of subnet that agents can play is a member of this union.
 */
export type Situation = CommonsSituation

/** A commons, as seen from one seat. */
export interface CommonsSituation {
  readonly kind: 'commons'
  /** Id of the subnet instance. */
  readonly subnet: string
  readonly params: CommonsParams
  readonly state: CommonsState
  /** Rounds played in this run, oldest first. */
  readonly history: readonly CommonsRow[]
  readonly epoch: number
  /** The agent's own seat. */
  readonly seat: number
  readonly seats: readonly AgentId[]
  readonly contract: ContractMode
  /** 0: a negotiation is about this round; 1: about the next. */
  readonly contractDelay: number
  /** The law in force in this round. */
  readonly law: LawInForce | null
  /** The rate of this round where the commons announces it to agents before they harvest. */
  readonly signalRatePercent: number | null
}

/** A law as the ledger holds it: its terms, compiled, and what it has done so far. */
export interface LawInForce {
  readonly id: Cid
  readonly terms: Terms
  readonly bound: BoundLaw
  readonly state: LawState
}

/** A situation in which it is the agent's turn to speak. */
export type NegotiationSituation = Situation & {
  readonly turn: number
  readonly turnsMax: number
  /** Seats that must hold the same terms. */
  readonly quorum: number
  /** Terms last proposed, and who holds them. */
  readonly standing: Standing | null
  /** By seat: the terms that it last proposed or accepted. */
  readonly holds: readonly (Cid | null)[]
  /** The contract that covers the round at stake already, if any. */
  readonly covering: { readonly id: Cid; readonly terms: Terms } | null
  readonly transcript: readonly Turn[]
}

/** Terms on the table. */
export interface Standing {
  readonly id: Cid
  readonly terms: Terms
  readonly holders: readonly number[]
}

/** A turn that was taken. */
export interface Turn {
  readonly turn: number
  readonly seat: number
  readonly move: Move
}
