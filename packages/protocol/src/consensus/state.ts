import type { Cid } from '../codec/cid.ts'
import type { Digest } from '../codec/digest.ts'
import type { AgentId } from '../identity/agent-id.ts'
import type { Signer, Verify } from '../identity/signature.ts'
import type {
  Block,
  Certificate,
  Header,
  Proposal,
  ValidatorSet,
  Vote,
} from '../message/consensus.ts'
import type { Verified } from '../message/envelope.ts'
import type { Application } from './application.ts'
import type { Ballot } from './certificate.ts'
import type { VoteOffence } from './evidence.ts'
import type { Schedule } from './leader.ts'
import type { Electorate } from './validators.ts'

export interface ConsensusParameters {
  /** Δ, the bound that the network is assumed to keep; at least 1. */
  readonly deltaMs: number
  /** Least time between a block and its child; at least 1. */
  readonly blockIntervalMs: number
  /** Pause before what seems lost is sent or asked for again; at least 1. */
  readonly retryMs: number
  /** Votes and proposals of views further ahead than this are not kept. */
  readonly viewGapMax: number
}

/** What each call is handed afresh. `signer` is null for a node that only follows. */
export interface ConsensusContext<State> {
  readonly self: AgentId
  readonly signer: Signer | null
  readonly networkId: Cid
  readonly verify: Verify
  readonly application: Application<State>
  readonly parameters: ConsensusParameters
}

/** The last final block; `view` is null at the start of an epoch, whose root it then is: b_{e−1}, or the genesis. */
export interface FinalPoint<State> {
  readonly id: Cid
  readonly height: number
  readonly view: number | null
  readonly state: State
  readonly seenAtMs: number
  /** The finalize quorum on it; null for the genesis. */
  readonly certificate: Certificate | null
}

/** What stands behind a block that is not final. */
export type Outcome<State> =
  /** Its parent is not executed yet. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'valid'; readonly post: State }
  | { readonly kind: 'invalid'; readonly code: string }

export interface KnownBlock<State> {
  readonly id: Cid
  readonly block: Block
  readonly outcome: Outcome<State>
  readonly isPersisted: boolean
}

/** A proposal of a view's leader, by block id. */
export interface Offer {
  readonly id: Cid
  readonly header: Header
  readonly justification: readonly Certificate[]
  /** Whether the certificates that it stands on were checked: they cannot be before the body is here. */
  readonly standing: 'unchecked' | 'good' | 'bad'
}

/** The votes of one kind for one view (and block): a certificate in the making. */
export interface Pile {
  readonly ballot: Ballot
  readonly stakeMicro: bigint
  readonly signatures: ReadonlyMap<AgentId, Uint8Array>
}

/** What we signed ourselves in a view. */
export interface OwnVotes {
  readonly proposal: Verified<Proposal> | null
  readonly notarize: Verified<Vote> | null
  readonly nullify: Verified<Vote> | null
  readonly finalize: Verified<Vote> | null
}

export interface Round {
  readonly view: number
  readonly leader: AgentId
  /** The first two different ones: a second one shows that the leader equivocates. */
  readonly offers: readonly Offer[]
  readonly piles: ReadonlyMap<string, Pile>
  readonly notarization: Certificate | null
  readonly nullification: Certificate | null
  readonly finalization: Certificate | null
  readonly own: OwnVotes
}

/** The latest notarized block of the epoch; the root, at `view` −1, before there is one. */
export interface Tip {
  readonly id: Cid
  readonly view: number
  /** Its notarization: null for the root, and where we know the block by a finalize quorum alone. */
  readonly notarization: Certificate | null
}

/** A body that we asked for. */
export interface Wanted {
  readonly view: number
  readonly holders: readonly AgentId[]
  readonly askCount: number
  readonly askedAtMs: number
}

/**
 * All that one validator or observer knows of the epoch under way. Immutable; `State` is the application's. [CON-7]
 *
 * Nothing here grows without bound: views at most so far behind the last final block, or ahead of ours, have a round.
 */
export interface Simplex<State> {
  readonly epoch: number
  readonly schedule: Schedule
  /** The root of the epoch; null where we entered the epoch in its middle. */
  readonly root: Cid | null
  readonly final: FinalPoint<State>
  readonly tip: Tip
  readonly view: number
  readonly enteredAtMs: number
  readonly rounds: ReadonlyMap<number, Round>
  readonly blocks: ReadonlyMap<Cid, KnownBlock<State>>
  /** When we first heard of a block: by its proposal, or by a certificate. */
  readonly seenAtMs: ReadonlyMap<Cid, number>
  readonly wanted: ReadonlyMap<Cid, Wanted>
  /** The finalize quorum on b_{e−1}: what a peer in the epoch before needs. */
  readonly rootCertificate: Certificate | null
  /** The set of the epoch before: the peers who may be answered with it. */
  readonly previousElectorate: Electorate | null
  /** Messages of the next epoch that came before our own step into it. */
  readonly early: readonly Verified<Vote | Proposal>[]
  readonly laggingSinceMs: number | null
  readonly syncAskedAtMs: number | null
  /** When a peer that is behind was last answered. */
  readonly answeredAtMs: ReadonlyMap<AgentId, number>
  /** `offender/offence` of the evidence that went out in this epoch. */
  readonly reported: ReadonlySet<`${AgentId}/${VoteOffence}`>
  readonly retryCount: number
  readonly retryAtMs: number
  /** When our finalize votes on b_e are sent again; null while there are none. */
  readonly endRetryAtMs: number | null
  /** The next instant at which {@link Simplex} does something by itself. */
  readonly deadlineAtMs: number | null
}

/** How an epoch starts: on its root, with the set that b_{e−1} names and the application's seed. [CON-12] */
export interface EpochStart<State> {
  /** From 1. */
  readonly epoch: number
  readonly set: ValidatorSet
  readonly seed: Digest
  /** b_{e−1}, with the finalize quorum on it; for epoch 1 the genesis: id = network id, height 0, no certificate. */
  readonly root: {
    readonly id: Cid
    readonly height: number
    readonly state: State
    readonly seenAtMs: number
    readonly certificate: Certificate | null
  }
}
