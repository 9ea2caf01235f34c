import type { ChainContext } from '../chain/context.ts'
import type { ChainState } from '../chain/execute-block.ts'
import type { Cid } from '../codec/cid.ts'
import type { Simplex } from '../consensus/state.ts'
import type { Signer } from '../identity/signature.ts'
import type { Ledger } from '../ledger/draft.ts'
import type { Verified } from '../message/envelope.ts'
import type { Statement } from '../message/forecast.ts'
import type { Cfp, Consent, ConversationMessage } from '../message/negotiation.ts'
import type { Conversation } from '../negotiation/conversation.ts'
import type { Pool } from './mempool.ts'

/** Who a replica is, and what it is given from outside. Constant while it runs. */
export interface ReplicaContext extends ChainContext {
  readonly signer: Signer
  /** Whether it votes and does a validator's duties; a follower does neither. */
  readonly votes: boolean
  /** Of a seeded run, where beacon shares follow from the seed so that every run is the same; else null. [EPO-7] */
  readonly seed: string | null
}

/** The negotiation of one instance for one round. */
export interface Talk {
  readonly subnet: string
  /** The epoch in which the parties talk, and the one whose round the contract is for. */
  readonly epoch: number
  readonly target: number
  readonly conversation: Conversation | null
  /** Height at which it was agreed: others post the agreement if its last speaker does not. */
  readonly agreedHeight: number | null
}

/** Messages that came before what they belong to; the oldest go first when there are too many. [NEG-8] */
export const EARLY_MESSAGES_MAX = 256
/** Of them, those of one author. [NEG-8] */
export const EARLY_PER_AUTHOR_MAX = 16

/** Our own part in the questions of the market. */
export interface Forecasts {
  /** Final height at which questions were last looked at. */
  readonly height: number
  readonly epoch: number
  /** Epoch up to which the disk keeps what is filed now. */
  readonly filedEpoch: number
  /** What we sealed, by `question/snapshot`, and our verdicts, by `question/jury/round`. */
  readonly statements: Readonly<Record<string, Statement>>
  readonly verdicts: Readonly<Record<string, number>>
  /** What was asked and done already, by question. */
  readonly done: ReadonlySet<string>
}

export const NO_FORECASTS: Forecasts = {
  height: -1,
  epoch: 0,
  filedEpoch: 0,
  statements: {},
  verdicts: {},
  done: new Set(),
}

/** All that one node knows. Immutable: `step` gives the next one. [REP-1] */
export interface Replica {
  readonly simplex: Simplex<ChainState>
  readonly pool: Pool
  readonly talks: Readonly<Record<string, Talk>>
  readonly early: readonly Verified<Cfp | ConversationMessage>[]
  readonly consents: Readonly<Record<Cid, readonly Verified<Consent>[]>>
  /** Actions that we chose and sealed, by `subnet/epoch`. */
  readonly actions: Readonly<Record<string, bigint>>
  /** Duties done and questions asked in this epoch, so that each is done and asked once. */
  readonly done: ReadonlySet<string>
  readonly doneEpoch: number
  readonly forecasts: Forecasts
  /** When our own transactions that still wait are sent again; null while there are none. */
  readonly resendAtMs: number | null
}

export function finalLedger(replica: Replica): Ledger {
  return replica.simplex.final.state.ledger
}
