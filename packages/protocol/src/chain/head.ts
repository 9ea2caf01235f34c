import type { Digest } from '../codec/digest.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { invariant } from '../invariant.ts'
import { createTable, type Draft, type Ledger, type Table } from '../ledger/draft.ts'
import type { ValidatorSet } from '../message/consensus.ts'
import type { SharePurpose } from '../message/transaction.ts'
import type { Phase } from './event.ts'

/** Where the chain stands: the next block has height + 1 and belongs to this epoch and phase. [EPO-1] */
export interface Head {
  readonly height: number
  readonly epoch: number
  readonly phase: Phase
  /** First height of the phase. */
  readonly phaseHeight: number
  /** R_{e−1} of the epoch. [EPO-6] */
  readonly beacon: Digest
  /** R_{e−2}: the leader seed of the epoch, which its last revealers could no longer bias. [CON-4] */
  readonly leaderSeed: Digest
  /** What agents are shown in this epoch, once its `signal` phase is over. [EPO-8] */
  readonly signal: Digest | null
  /** The validators of the epoch, by agent id. */
  readonly validators: ValidatorSet
}

const heads: Table<Head> = createTable<Head>('head')

export function headOf(ledger: Ledger): Head {
  const head = heads.find(ledger, 'main')
  invariant(head !== undefined, 'the head exists from the genesis on')
  return head
}

export function putHead(draft: Draft, head: Head): void {
  heads.put(draft, 'main', head)
}

/** A validator's commitment to 32 bytes, and these once they are revealed. [EPO-6] */
export interface Share {
  readonly agent: AgentId
  /** The epoch whose beacon or signal it goes into. */
  readonly epoch: number
  readonly purpose: SharePurpose
  readonly digest: Digest
  readonly share: Uint8Array | null
}

export const shares: Table<Share> = createTable<Share>('share')

export function shareKey(epoch: number, purpose: SharePurpose, agent: AgentId): string {
  return `${purpose}/${epoch}/${agent}`
}

/** The shares of one purpose and epoch, in the order of their authors' agent ids. */
export function sharesOf(ledger: Ledger, epoch: number, purpose: SharePurpose): readonly Share[] {
  const found: Share[] = []
  for (const [, value] of ledger.entries(`share/${purpose}/${epoch}/`)) found.push(value as Share)
  return found
}
