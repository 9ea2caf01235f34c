import type { Cid } from '../codec/cid.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { createTable, type Ledger, type Table } from '../ledger/draft.ts'
import type { Work } from './work.ts'

/** An offence that has been punished: each is punished once. [SLA-3] */
export interface Punished {
  readonly agent: AgentId
  /** Last epoch in which the offence could be charged again; null: in every one. */
  readonly untilEpoch: number | null
}

export const punishedOffences: Table<Punished> = createTable<Punished>('punished')

/** All contradicting votes of one epoch are one offence. */
export function votesKey(agent: AgentId, epoch: number): string {
  return `${agent}/votes/${epoch}`
}

/** All contradicting messages of one conversation are one offence. */
export function talkKey(agent: AgentId, conversation: Cid): string {
  return `${agent}/talk/${conversation}`
}

/** An acceptance of terms that its author cannot fund is one offence, however often it is posted. */
export function unfundedKey(agent: AgentId, terms: Cid): string {
  return `${agent}/unfunded/${terms}`
}

export function isPunished(ledger: Ledger, key: string): boolean {
  return punishedOffences.find(ledger, key) !== undefined
}

/** What can no longer be charged when this epoch is over need not be remembered. */
export function forgetPunished(work: Work, epoch: number): void {
  for (const [key, { untilEpoch }] of punishedOffences.entries(work.ledger)) {
    if (untilEpoch !== null && untilEpoch <= epoch) punishedOffences.delete(work, key)
  }
}
