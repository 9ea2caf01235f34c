import type { AgentId } from '@commonweal/protocol'
import type { Agent } from '../agent/agent.ts'
import type { Mandate } from '../agent/llm/mandate.ts'
import type { ClockPort, LogPort } from '../ports.ts'
import type { OfferBook } from './offer-book.ts'

/** What talking with agents outside needs of a node. */
export interface OutsideParts {
  /** The node's agent as it is, without what is agreed outside. */
  readonly agent: Agent
  readonly id: AgentId
  readonly secretKey: Uint8Array
  readonly offers: OfferBook
  readonly mandate: Mandate
  readonly clock: ClockPort
  readonly log: LogPort
  /** Aborts when the node stops. */
  readonly signal: AbortSignal
  /** How long the agent may think about one answer. */
  readonly timeoutMs: number
  /** Where agents outside reach the API, where that is not where it listens. */
  readonly url: string | null
}
