import {
  type Application,
  type Digest,
  digestOf,
  encode,
  type Header,
  ignore,
  ok,
  type Prepared,
  type Result,
  type Slot,
  type ValidatorSet,
} from '@commonweal/protocol'

/** The state that blocks of the counter make: as little as shows which blocks it came from. */
export interface CounterState {
  readonly digest: Digest
  /** The block that this is the state after; 0 at the start. */
  readonly height: number
  /** The next block ends its epoch when it brings the heights of the epoch to the length of epochs. */
  readonly epochHeights: number
  readonly transactionCount: number
}

export interface CounterOptions {
  readonly epochHeightsMax: number
  /** The set of epoch 1. Later sets are made from it. */
  readonly validators: ValidatorSet
  /** Members that may be left out of a later set, one at a time, without faulty stake reaching a third. */
  readonly mayLeaveOut: readonly number[]
  /** What tells the blocks of one process from those of its twin: goes into each block's one transaction. */
  readonly mark: number
}

export const COUNTER_START: CounterState = {
  digest: digestOf(encode('counter')),
  height: 0,
  epochHeights: 0,
  transactionCount: 0,
}

/**
 * A state machine for consensus to order blocks for: a running digest of every transaction.
 *
 * The set of the next epoch depends on what the blocks hold, so that two last blocks of an epoch would give two sets.
 */
export function createCounter(options: CounterOptions): Application<CounterState> {
  return {
    prepare(parent: CounterState, { view, height }: Slot): Prepared<CounterState> {
      const transactions = [encode([options.mark, height, view])]
      const post = advance(parent, transactions, options)
      return { transactions, post, stateDigest: post.digest, nextSet: nextSetOf(post, options) }
    },
    process(
      parent: CounterState,
      header: Header,
      transactions: readonly Uint8Array[],
    ): Result<CounterState, string> {
      const post = advance(parent, transactions, options)
      if (post.digest !== header.stateDigest) return ignore('state-mismatch')
      const nextSet = encode(nextSetOf(post, options))
      if (digestOf(nextSet) !== digestOf(encode(header.nextSet))) return ignore('set-mismatch')
      return ok(post)
    },
    epochSeed: ({ digest }: CounterState): Digest => digest,
  }
}

function advance(
  parent: CounterState,
  transactions: readonly Uint8Array[],
  { epochHeightsMax }: CounterOptions,
): CounterState {
  const isNewEpoch = parent.epochHeights === epochHeightsMax
  return {
    digest: digestOf(encode([parent.digest, transactions])),
    height: parent.height + 1,
    epochHeights: isNewEpoch ? 1 : parent.epochHeights + 1,
    transactionCount: parent.transactionCount + transactions.length,
  }
}

/** Leaves one member out, or none, and gives one member a little more: which ones, the digest says. */
function nextSetOf(
  { digest, epochHeights }: CounterState,
  { epochHeightsMax, validators, mayLeaveOut }: CounterOptions,
): ValidatorSet | null {
  if (epochHeights !== epochHeightsMax) return null
  const draw = Number.parseInt(digest.slice(0, 8), 16)
  const leftOut = mayLeaveOut[draw % (mayLeaveOut.length + 1)]
  const favoured = (draw >>> 8) % validators.length
  return validators
    .map((validator, index) =>
      index === favoured ? { ...validator, stakeMicro: validator.stakeMicro + 1n } : validator,
    )
    .filter((_, index) => index !== leftOut)
}
