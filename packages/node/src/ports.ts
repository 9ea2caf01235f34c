import type {
  AgentId,
  Block,
  Certificate,
  ChainEvent,
  Cid,
  Effect,
  FinalBlock,
  Header,
  Input,
  JournalRecord,
  Ledger,
  ReplicaView,
  TransactionKind,
  TurnTaken,
} from '@commonweal/protocol'
import type { HeightRange } from './store/height-range.ts'

/** Instants for `step` in Unix ms, whole numbers that never run backwards, and one alarm. */
export interface ClockPort {
  nowMs(): number
  /** Calls back once, no sooner than `delayMs` from here; returns what calls it off. */
  alarm(delayMs: number, ring: () => void): () => void
}

/** The least that the shell needs of a logger; pino's fits. */
export interface LogPort {
  debug(facts: object, sentence: string): void
  info(facts: object, sentence: string): void
  warn(facts: object, sentence: string): void
  error(facts: object, sentence: string): void
}

/**
 * The pure core with its state inside. Nothing but `step` changes it.
 *
 * Errors  InvariantError: our own bug; the process stops.
 */
export interface ReplicaPort {
  step(input: Input): readonly Effect[]
  /** The instant at which a `tick` is due; null where nothing waits. */
  nextDeadlineMs(): number | null
  view(): ReplicaView
  /** The ledger after the last final block. */
  ledger(): Ledger
  /** Starts again from what its store holds, as after a restart; gives what is to be done first. */
  reopen(nowMs: number): readonly Effect[]
}

/** The ledger after b_e, as entries. Values are as they are encoded: an amount may be a number or a bigint. */
export interface StoredSnapshot {
  readonly epoch: number
  readonly height: number
  /** Of b_e. */
  readonly id: Cid
  readonly entries: Iterable<readonly [key: string, value: unknown]>
}

/** The header of b_e and what makes it final: all that a newcomer needs of an epoch. */
export interface EpochEnd {
  readonly header: Header
  readonly certificate: Certificate
}

/** A turn of a negotiation as it was heard, its instance and conversation beside it. */
export interface StoredTurn {
  readonly subnet: string
  readonly conversation: Cid
  /** The epoch whose round the contract is for. */
  readonly target: number
  readonly turn: TurnTaken
}

/** A peer worth dialling after a restart. */
export interface StoredPeer {
  readonly peerId: string
  /** Multiaddr that ends in `/p2p/<peer id>`. */
  readonly address: string
  readonly seenAtMs: number
}

/** One thing to keep. */
export type StoreWrite =
  | { readonly kind: 'records'; readonly records: readonly JournalRecord[] }
  /** Oldest first; the certificate finalizes the last. */
  | {
      readonly kind: 'final'
      readonly blocks: readonly FinalBlock[]
      readonly certificate: Certificate
    }
  | { readonly kind: 'snapshot'; readonly snapshot: StoredSnapshot }
  /** The end of an epoch that this node did not follow itself. */
  | { readonly kind: 'epoch-end'; readonly end: EpochEnd }
  | { readonly kind: 'turn'; readonly turn: StoredTurn }
  | { readonly kind: 'peer'; readonly peer: StoredPeer }

/** All that a replica starts again from. */
export interface Restored {
  readonly snapshot: StoredSnapshot | null
  /** Final blocks after the snapshot, oldest first. */
  readonly blocks: readonly { readonly block: Block; readonly certificate: Certificate | null }[]
  /** In the order in which they were written. */
  readonly records: readonly JournalRecord[]
}

/** A receipt where it happened; `facts` is JSON. */
export interface StoredReceipt {
  readonly id: Cid
  readonly height: number
  readonly index: number
  readonly author: AgentId
  readonly kind: TransactionKind
  readonly code: string
  readonly facts: unknown
}

/** An event where it happened; `event` is JSON: amounts are decimal text, bytes are hex. */
export interface StoredEvent {
  readonly height: number
  readonly index: number
  readonly event: unknown
}

export interface EventQuery {
  /** Events of heights above this one. */
  readonly afterHeight: number
  /** Of these kinds alone; all where it is left out. */
  readonly kinds?: readonly ChainEvent['kind'][]
  readonly countMax: number
}

/** Snapshots that a store keeps: the latest, and the one before it for a newcomer that is still reading it. */
export const SNAPSHOTS_KEPT = 2

/**
 * What a node keeps. Synchronous: one writer, and what `commit` took is durable when it returns.
 *
 * Pruned as finality goes on: journal records and unfinal blocks of epochs before that of the last final block, and all
 * but the latest {@link SNAPSHOTS_KEPT} snapshots. Where a store is told to keep so many epochs alone, also the final blocks,
 * receipts, events and turns of those before; never the ends of epochs, nor the events about questions, from which an agent knows
 * again after a restart what it had learned and asked.
 *
 * A snapshot ahead of the last final block passes over the blocks between; the journal is kept then until a block is final.
 *
 * Errors  StoreError
 */
export interface StorePort {
  /** Everything or nothing, in one transaction. */
  commit(writes: readonly StoreWrite[]): void
  restore(): Restored

  /** The last final block; undefined before the first. */
  head(): EpochEnd | undefined
  /** Final or not. */
  blockById(id: Cid): Block | undefined
  finalBlock(height: number): Block | undefined
  /** What finalized the block at this height itself; blocks in between have none. */
  certificateAt(height: number): Certificate | undefined
  epochEnd(epoch: number): EpochEnd | undefined
  /** The snapshot of an epoch, or the latest. */
  snapshot(epoch: number | null): StoredSnapshot | undefined

  /** Heights up to the head whose blocks, receipts and events are not here: in order and apart. */
  missing(): readonly HeightRange[]
  receipt(id: Cid): StoredReceipt | undefined
  /** Oldest first. */
  events(query: EventQuery): readonly StoredEvent[]
  /** Turns about rounds of epochs from `fromTarget` on, in the order in which they were heard, at most `countMax`. */
  turns(fromTarget: number, countMax: number): readonly StoredTurn[]
  peers(): readonly StoredPeer[]

  close(): void
}
