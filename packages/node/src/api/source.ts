import type { Genesis, Ledger, TransactionBody } from '@commonweal/protocol'
import type { NodeEvent } from '../node-event.ts'
import type { NodeStatus } from '../node-status.ts'
import type { StorePort } from '../ports.ts'
import type { Submitted } from '../submissions.ts'

/** All that the API knows of a node. */
export interface ApiSource {
  readonly genesis: Genesis
  readonly store: StorePort
  status(): NodeStatus
  ledger(): Ledger
  submit(body: TransactionBody, patienceMs?: number): Promise<Submitted>
  listen(listener: (event: NodeEvent) => void): () => void
  connect(address: string): Promise<void>
  setBlocked(peerIds: readonly string[]): void
  stop(): Promise<void>
}
