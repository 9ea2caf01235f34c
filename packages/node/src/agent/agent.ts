import type {
  AgentId,
  BoundLaw,
  Cid,
  CommonsParams,
  CommonsRow,
  CommonsState,
  ContractMode,
  GameParams,
  GameRow,
  GameState,
  LawState,
  ReasonCode,
  Terms,
} from '@commonweal/protocol'
import type { AssistantSeat } from './assistant/assistant-agent.ts'
import type { Forecaster } from './forecast/forecaster.ts'
import type { QuestionOpener } from './forecast/question-opener.ts'
import type { ModelUsage } from './llm/model-usage.ts'

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
  /** Its action of the round: in a commons how much to request, in a game the index of a row. */
  act(situation: Situation): Answer<bigint>
  /** What it asked of a language model, where it has one. */
  usage?(): ModelUsage
  /** Where an assistant outside decides for it. */
  readonly assistant?: AssistantSeat
  /** Where it takes part in the forecasting market. */
  readonly forecaster?: Forecaster
  /** Where it asks the questions of that market. */
  readonly opener?: QuestionOpener
}

export type Answer<T> = T | Promise<T>

/** How a closed-form agent plays one kind of subnet: at once, and as a function of what it sees. */
export interface Player<Seen extends Situation> {
  negotiate(situation: Seen & Negotiation): Move
  act(situation: Seen): bigint
}

/** What a speaker does with its turn. [AGT-3] */
export type Move =
  | { readonly move: 'propose'; readonly terms: Terms }
  | { readonly move: 'accept' }
  | { readonly move: 'reject'; readonly reason: ReasonCode; readonly text: string }
  | { readonly move: 'pass' }

/**
 * All that an agent may observe of a round before it acts; everything in it but the signal is public.
 *
 * A kind of subnet that agents can play is a member of this union.
 */
export type Situation = CommonsSituation | GameSituation

/** What is seen from one seat of any subnet instance. */
export interface SeatView {
  /** Id of the subnet instance. */
  readonly subnet: string
  readonly epoch: number
  /** The agent's own seat. */
  readonly seat: number
  readonly seats: readonly AgentId[]
  readonly contract: ContractMode
  /** 0: a negotiation is about this round; 1: about the next. */
  readonly contractDelay: number
  /** The law in force in this round. */
  readonly law: LawInForce | null
  /** The contract that covers this round, words that bind nobody included. */
  readonly agreed: Terms | null
}

/** A commons, as seen from one seat. */
export interface CommonsSituation extends SeatView {
  readonly kind: 'commons'
  readonly params: CommonsParams
  readonly state: CommonsState
  /** Rounds played in this run, oldest first. */
  readonly history: readonly CommonsRow[]
  /** The rate of this round where the commons announces it to agents before they harvest. */
  readonly signalRatePercent: number | null
}

/** A game, as seen from one seat. */
export interface GameSituation extends SeatView {
  readonly kind: 'game'
  readonly params: GameParams
  readonly state: GameState
  /** Rounds played in this run, oldest first. */
  readonly history: readonly GameRow[]
  /** The hidden state of this round, 1 or 0, where the game has one and its signal is there. */
  readonly signalState: number | null
}

/** A law as the ledger holds it: its terms, compiled, and what it has done so far. */
export interface LawInForce {
  readonly id: Cid
  readonly terms: Terms
  readonly bound: BoundLaw
  readonly state: LawState
}

/** A situation in which it is the agent's turn to speak. */
export type NegotiationSituation = CommonsNegotiation | GameNegotiation
export type CommonsNegotiation = CommonsSituation & Negotiation
export type GameNegotiation = GameSituation & Negotiation

/** What is to be known of a negotiation in which it is one's turn. */
export interface Negotiation {
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
