import type { Digest } from '../codec/digest.ts'
import type { AgentId } from '../identity/agent-id.ts'
import type { Header, ValidatorSet } from '../message/consensus.ts'
import type { Result } from '../result.ts'

/** Where a block stands. */
export interface Slot {
  readonly epoch: number
  readonly height: number
  readonly view: number
  readonly proposer: AgentId
}

/** What the application puts into a block on top of a parent state, and what follows from it. */
export interface Prepared<State> {
  readonly transactions: readonly Uint8Array[]
  readonly post: State
  readonly stateDigest: Digest
  /** The validators of the next epoch, exactly when this block ends settlement. */
  readonly nextSet: ValidatorSet | null
}

/**
 * What consensus asks of the state machine that it orders transactions for: the prepare and process calls of ABCI 2.0
 * (finalize and commit are the `final` effect), so that another engine could take the place of ours.
 *
 * `process` executes the block on its parent's state and refuses a block that is invalid, whose `stateDigest` is not
 * that of the result, or whose `nextSet` is not what the result says (null where the block does not end settlement).
 */
export interface Application<State> {
  prepare(parent: State, slot: Slot): Prepared<State>
  process(parent: State, header: Header, transactions: readonly Uint8Array[]): Result<State, string>
  /** The leader seed of the epoch that follows the block with this post state: R_{e−1} after b_e. [CON-4] */
  epochSeed(post: State): Digest
}
