import type { Process } from '@commonweal/node/adversary'
import type { Cid, Signer, ValidatorSet, Verify } from '@commonweal/protocol'
import type { Disk } from './engine/disk.ts'

export type { Inspection, Process, ProcessEffect } from '@commonweal/node/adversary'

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
