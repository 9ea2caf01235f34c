import type { Checkpoint } from '../bundle.ts'
import type { StorePort } from '../ports.ts'
import { fetchCertifiedState, type ProvenChain, type WantedState } from './certified-state.ts'
import { collectHeads, type StateOptions } from './peer-heads.ts'
import { type TrustedStart, trustCheckpoint, trustOwnChain } from './trusted-start.ts'

export interface NewerStateOptions extends StateOptions, WantedState {
  readonly store: Pick<StorePort, 'head' | 'epochEnd'>
  /** What a person handed to this node; null for nothing. */
  readonly checkpoint: Checkpoint | null
}

/**
 * What peers prove of the chain beyond our own: the ends of epochs are followed from the last one that we have, or from a later
 * checkpoint. A node needs none that was away for no longer than stake stays bonded. [SYN-9]
 *
 * Errors  JoinError
 */
export async function fetchNewerState(options: NewerStateOptions): Promise<ProvenChain> {
  const told = await collectHeads(options)
  return fetchCertifiedState(options, await trustOwn(options), told, options)
}

async function trustOwn(options: NewerStateOptions): Promise<TrustedStart> {
  const { store, checkpoint, context } = options
  const head = store.head()?.header
  const lastEnded = head === undefined ? 0 : head.nextSet === null ? head.epoch - 1 : head.epoch
  if (checkpoint !== null && checkpoint.epoch > lastEnded) {
    return trustCheckpoint(options, checkpoint)
  }
  return trustOwnChain(context, (epoch) => store.epochEnd(epoch), lastEnded)
}
