import type {
  Cid,
  Digest,
  Effect,
  Input,
  Signer,
  ValidatorSet,
  Verify,
  VoteEvidence,
} from '@commonweal/protocol'
import type { Disk } from './engine/disk.ts'

/** What a checker may see of a process from outside. Cheap: asked after every step. */
export interface Inspection {
  readonly epoch: number
  readonly view: number
  /** Of the last final block. */
  readonly height: number
  /** Of the state after the last final block. */
  readonly stateDigest: Digest
}

/** What a process wants done: a replica's effects, and the evidence that bare consensus finds. */
export type ProcessEffect = Effect | { readonly kind: 'evidence'; readonly evidence: VoteEvidence }

/**
 * A replica as the simulator drives it: the same pure core that a node loops around, with its state inside.
 *
 * `step` is the only thing that changes it. Times are of the replica's own clock.
 */
export interface Process {
  step(input: Input): readonly ProcessEffect[]
  nextDeadlineMs(): number | null
  inspect(): Inspection
  /** What is wrong with the state after the last final block, in a sentence: a law of the ledger that does not hold. */
  findStateFault?(): string | null
}

export interface ProcessOptions {
  /** Whose key it signs with. Two instances of one agent are twins. */
  readonly agent: number
  /** Its place among all instances of the world: what tells twins apart. */
  readonly instance: number
  /** What a crash left: empty at the first start. */
  readonly disk: Disk
  readonly nowMs: number
}

/** The network that the processes of a world form, and how one of its processes starts, first or again. */
export interface Network {
  readonly networkId: Cid
  readonly verify: Verify
  /** The key of each agent, in the order of {@link ProcessOptions.agent}. */
  readonly signers: readonly Signer[]
  /** The validators of epoch 1. */
  readonly validators: ValidatorSet
  createProcess(options: ProcessOptions): Process
}
