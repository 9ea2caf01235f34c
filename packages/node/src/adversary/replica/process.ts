import type { Digest, Effect, Input, VoteEvidence } from '@commonweal/protocol'

/** What may be seen of a process from outside. Cheap: asked after every step. */
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
 * A replica as a loop drives it: the same pure core in a node and in the simulator, with its state inside.
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
