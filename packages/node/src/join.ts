import type { Checkpoint } from './bundle.ts'
import type { Claim } from './join-error.ts'
import type { StorePort } from './ports.ts'
import { fetchCertifiedState } from './sync/certified-state.ts'
import { collectHeads, type StateOptions } from './sync/peer-heads.ts'
import { trustCheckpoint, trustOwnGenesis } from './sync/trusted-start.ts'

export interface JoinOptions extends StateOptions {
  readonly store: StorePort
  readonly checkpoint: Checkpoint | null
}

/** What a newcomer knows when it begins to follow. */
export interface Joined {
  /** Of the snapshot that it starts from; 0 starts at the genesis. */
  readonly epoch: number
  readonly height: number
  /** Certified heads that the chain has to run into; a watch holds the node to them. */
  readonly heads: readonly Claim[]
  /** Epochs from what was trusted beforehand to the newest that peers show. */
  readonly ageEpochs: number
}

/**
 * Brings an empty store to a certified state of a running network, from the genesis or a checkpoint. What comes after that state,
 * the node follows.
 *
 * Errors  JoinError
 */
export async function joinNetwork(options: JoinOptions): Promise<Joined> {
  const { checkpoint, store, log } = options
  const told = await collectHeads(options)
  const start =
    checkpoint === null
      ? trustOwnGenesis(options.context)
      : await trustCheckpoint(options, checkpoint)
  const { heads, ageEpochs, state } = await fetchCertifiedState(options, start, told, {
    heightMin: 1,
  })
  if (state === null) return { epoch: 0, height: 0, heads, ageEpochs }
  store.commit(state.writes)
  const { epoch, height } = state
  log.info({ epoch, height, heads: heads.length, ageEpochs }, 'joined at a certified snapshot')
  return { epoch, height, heads, ageEpochs }
}
