import type { ChainEvent, Cid } from '@commonweal/protocol'
import type { AgentFault } from './agent-desk.ts'
import type { ForecastFault } from './forecast/agent-calls.ts'
import type { StoredTurn } from './ports.ts'

/** What a node tells whoever watches it, as it happens. */
export type NodeEvent =
  | {
      readonly kind: 'final'
      readonly height: number
      readonly epoch: number
      readonly id: Cid
      readonly transactions: number
      /** Transactions whose receipt is a refusal. */
      readonly refused: number
    }
  /** What a final block did: phases, agreements, rounds, slashings. */
  | { readonly kind: 'chain'; readonly height: number; readonly event: ChainEvent }
  | ({ readonly kind: 'turn' } & StoredTurn)
  | { readonly kind: 'peer'; readonly peerId: string; readonly status: 'up' | 'down' }
  | {
      readonly kind: 'peer'
      readonly peerId: string
      readonly status: 'refused'
      readonly code: string
      readonly by: 'us' | 'them'
    }
  | ({ readonly kind: 'agent-fault' } & Omit<AgentFault, 'kind'>)
  | ({ readonly kind: 'forecast-fault' } & ForecastFault)
  /** A newcomer stands at a certified end of an epoch, or, with height 0, at the genesis. */
  | {
      readonly kind: 'joined'
      readonly epoch: number
      readonly height: number
      /** Heads of peers that were compared. */
      readonly heads: number
      readonly ageEpochs: number
    }
  /** It took a snapshot instead of the blocks from `fromHeight` to `height`: what they did is not on this node. */
  | {
      readonly kind: 'passed-over'
      readonly fromHeight: number
      readonly epoch: number
      readonly height: number
    }
  | { readonly kind: 'stopped' }
  /** The node stopped by itself; the sentence says why. */
  | { readonly kind: 'failed'; readonly code: string; readonly sentence: string }

/** Tells events to whoever listens, in order. A listener must not throw. */
export class NodeEvents {
  readonly #listeners = new Set<(event: NodeEvent) => void>()

  /** Returns what ends the listening. */
  listen(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(event: NodeEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
