import { type AgentId, agentIdOfPeer } from '@commonweal/protocol'
import type { Standing } from './network/port.ts'

/** A peer that did what an honest one does not, as this node saw it. */
export interface OffenderView extends Standing {
  readonly peerId: string
  readonly agent: AgentId | null
  /** What it was blamed for since the start, and how often, by code. */
  readonly codes: Readonly<Record<string, number>>
}

/** Peers remembered; beyond it the one that was blamed first is forgotten. */
export const OFFENDERS_MAX = 256

/** What each peer was blamed for, for the status of a node. */
export class PeerFaults {
  readonly #codes = new Map<string, Map<string, number>>()

  add(peerId: string, code: string): void {
    const codes = this.#codes.get(peerId) ?? new Map<string, number>()
    codes.set(code, (codes.get(code) ?? 0) + 1)
    this.#codes.set(peerId, codes)
    const [oldest] = this.#codes.keys()
    if (this.#codes.size > OFFENDERS_MAX && oldest !== undefined) this.#codes.delete(oldest)
  }

  /** By peer id. */
  toViews(standingOf: (peerId: string) => Standing): readonly OffenderView[] {
    return [...this.#codes]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([peerId, codes]) => ({
        peerId,
        agent: agentIdOfPeer(peerId) ?? null,
        ...standingOf(peerId),
        codes: Object.fromEntries([...codes].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      }))
  }
}
