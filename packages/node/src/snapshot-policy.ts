import { BundleError, type Checkpoint, readCheckpoint } from './bundle.ts'
import { type NodeConfig, SNAPSHOT_BEHIND_BLOCKS } from './config.ts'
import type { JoinError } from './join-error.ts'
import { keepEvidence } from './newcomer.ts'
import type { LogPort } from './ports.ts'
import type { NewerStateOptions } from './sync/newer-state.ts'

/** When a node with data takes a snapshot instead of blocks, and what it trusts in that. */
export interface SnapshotPolicy extends Pick<NewerStateOptions, 'checkpoint' | 'headCountMin'> {
  readonly behindBlocksMax: number
  /** Keeps two histories that are both proven, for a person to see. */
  readonly onEvidence: (error: JoinError) => void
}

export function createSnapshotPolicy(config: NodeConfig, log: LogPort): SnapshotPolicy {
  const { join, snapshotBehindBlocks, dataFolder } = config
  return {
    checkpoint: findCheckpoint(join?.checkpoint ?? null, log),
    // From its own chain on a node needs one peer that tells the truth, as for blocks.
    headCountMin: join?.headCountMin ?? 1,
    behindBlocksMax: snapshotBehindBlocks ?? SNAPSHOT_BEHIND_BLOCKS,
    onEvidence: (error) => keepEvidence(error, dataFolder, log),
  }
}

/** A node that has data may have lost its bundle: it is needed again only after a long absence. */
function findCheckpoint(path: string | null, log: LogPort): Checkpoint | null {
  try {
    return path === null ? null : readCheckpoint(path)
  } catch (error) {
    if (!(error instanceof BundleError)) throw error
    log.warn({ code: error.code, path }, 'the checkpoint cannot be read')
    return null
  }
}
