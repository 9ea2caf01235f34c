import {
  blockIdOf,
  type CertifiedHeader,
  type ChainContext,
  invariant,
  type TrustedEpoch,
  trustGenesis,
} from '@commonweal/protocol'
import type { Checkpoint } from '../bundle.ts'
import { JoinError } from '../join-error.ts'
import type { EpochEnd } from '../ports.ts'
import type { StateOptions } from './peer-heads.ts'

/** What a node trusts beforehand, and what gave it that. */
export interface TrustedStart extends TrustedEpoch {
  /** Whose end the trusted epoch stands on; null for the genesis. */
  readonly end: CertifiedHeader | null
  readonly by: 'genesis' | 'checkpoint' | 'own-chain'
  /** The end of the trusted epoch as our own chain has it: who proves another one shows two histories. */
  readonly own?: EpochEnd
}

export function trustOwnGenesis(context: ChainContext): TrustedStart {
  const trusted = trustGenesis(context)
  invariant(trusted.ok, 'a genesis is checked before a node starts with it')
  return { ...trusted.value, end: null, by: 'genesis' }
}

/** The end of an epoch that is in our own chain, or that a person named. */
export function trustEnd(end: EpochEnd, by: TrustedStart['by']): TrustedStart {
  const { epoch, height, nextSet } = end.header
  invariant(nextSet !== null, 'the end of an epoch names the next set')
  return {
    epoch: epoch + 1,
    set: nextSet,
    root: blockIdOf(end.header),
    rootHeight: height,
    end,
    by,
  }
}

/** Our own chain up to the end of an epoch. Peers are asked for that end too, unless it is the first that we have. */
export function trustOwnChain(
  context: ChainContext,
  epochEnd: (epoch: number) => EpochEnd | undefined,
  lastEnded: number,
): TrustedStart {
  const own = epochEnd(lastEnded)
  if (own === undefined) return trustOwnGenesis(context)
  const before = epochEnd(lastEnded - 1)
  if (before === undefined && lastEnded > 1) return trustEnd(own, 'own-chain')
  const start = before === undefined ? trustOwnGenesis(context) : trustEnd(before, 'own-chain')
  return { ...start, by: 'own-chain', own }
}

/** A checkpoint does not say who validates: a peer shows the header that it names. Errors  JoinError 'checkpoint-unknown' */
export async function trustCheckpoint(
  { client, peers, log }: StateOptions,
  checkpoint: Checkpoint,
): Promise<TrustedStart> {
  for (const peerId of peers.order(null)) {
    try {
      const [end] = await client.epochs(peerId, checkpoint.epoch)
      if (end === undefined) continue
      const { header } = end
      const isIt =
        blockIdOf(header) === checkpoint.block && header.stateDigest === checkpoint.stateDigest
      if (isIt && header.nextSet !== null) return trustEnd(end, 'checkpoint')
      log.warn({ peerId, epoch: checkpoint.epoch }, 'a peer has another block at the checkpoint')
    } catch (error) {
      log.warn({ peerId, code: peers.blame(peerId, error) }, 'a peer did not tell its epochs')
    }
  }
  throw new JoinError(
    'checkpoint-unknown',
    `no peer has the block ${checkpoint.block} of the checkpoint at the end of epoch ${checkpoint.epoch}`,
    { facts: { epoch: checkpoint.epoch, block: checkpoint.block } },
  )
}
