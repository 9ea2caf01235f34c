import type { Genesis, Ledger, TransactionBody } from '@commonweal/protocol'
import type { AssistantSeat } from '../agent/assistant/assistant-agent.ts'
import type { NodeEvent } from '../node-event.ts'
import type { NodeStatus } from '../node-status.ts'
import type { StorePort } from '../ports.ts'
import type { Submitted } from '../submissions.ts'

/** All that the API knows of a node. */
export interface ApiSource {
  readonly genesis: Genesis
  readonly store: StorePort
  /** Where an assistant outside decides for the node's agent; undefined where none does. */
  readonly assistant?: AssistantSeat | undefined
  status(): NodeStatus
  ledger(): Ledger
  submit(body: TransactionBody, patienceMs?: number): Promise<Submitted>
  listen(listener: (event: NodeEvent) => void): () => void
  connect(address: string): Promise<void>
  setBlocked(peerIds: readonly string[]): void
  stop(): Promise<void>
}
