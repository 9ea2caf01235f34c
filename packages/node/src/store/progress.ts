import { addRange, type HeightRange, lowestKept } from './height-range.ts'

/** How far a store has come, and what up to there it does not have. */
export interface Progress {
  /** Of the last final block, or of a later snapshot that was taken instead of blocks. */
  readonly epoch: number
  readonly height: number
  /** Blocks that it never had, or has no more; in order and apart. */
  readonly missing: readonly HeightRange[]
}

export const NO_PROGRESS: Progress = { epoch: 0, height: 0, missing: [] }

/** Who restarts from a snapshot, or reads one, needs the blocks after it: it may be that of the epoch before the last. [SYN-10] */
export const KEEP_EPOCHS_MIN = 2

/** Blocks that are dropped with one commit at most: a store that has kept all for weeks is not held up by its first pruning. */
export const PRUNE_BLOCKS_MAX = 512

/** A snapshot behind the last block belongs to it; one ahead of it passes over the blocks between. */
export function passSnapshot(progress: Progress, epoch: number, height: number): Progress {
  if (height <= progress.height) return progress
  const passedOver = { first: progress.height + 1, last: height }
  return { epoch, height, missing: addRange(progress.missing, passedOver) }
}

/**
 * The next blocks to drop: the lowest that a store has, of epochs before the last `keepEpochs` and the current one.
 *
 * @param endHeightOf the height at which an epoch ended, where the store knows it.
 */
export function nextToPrune(
  { epoch, missing }: Progress,
  keepEpochs: number | null,
  endHeightOf: (epoch: number) => number | undefined,
): HeightRange | undefined {
  if (keepEpochs === null) return undefined
  const last = endHeightOf(epoch - keepEpochs - 1)
  return last === undefined ? undefined : lowestKept(missing, last, PRUNE_BLOCKS_MAX)
}
