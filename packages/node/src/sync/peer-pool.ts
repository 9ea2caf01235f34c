import { type AgentId, agentIdOfPeer, peerIdOf } from '@commonweal/protocol'
import { TransportError } from '../network/transport-error.ts'
import { SyncError } from './sync-error.ts'

/** [SYN-7] Points that an answer which is not what it must be costs its sender. */
const BAD_ANSWER_POINTS = 20

/** What the pool needs of the network; a host has it. */
export interface PeerBook {
  peers(): readonly { readonly peerId: string; readonly hello: { readonly height: number } }[]
  penalise(peerId: string, points: number, code: string): void
}

/** Connected peers, as the sync protocol asks them. */
export class PeerPool {
  readonly #host: PeerBook

  constructor(host: PeerBook) {
    this.#host = host
  }

  /** Connected peers in the order in which to ask them: this one first, then those who claim the greatest height. */
  order(first: AgentId | null): readonly string[] {
    const firstId = first === null ? undefined : peerIdOf(first)
    return this.#host
      .peers()
      .toSorted(
        (a, b) =>
          Number(b.peerId === firstId) - Number(a.peerId === firstId) ||
          b.hello.height - a.hello.height ||
          (a.peerId < b.peerId ? -1 : 1),
      )
      .map(({ peerId }) => peerId)
  }

  /** The height that a peer named at its handshake; its own head has reached it since. */
  claimedHeightOf(peerId: string): number {
    return this.#host.peers().find((peer) => peer.peerId === peerId)?.hello.height ?? 0
  }

  agentOf(peerId: string): AgentId | null {
    return agentIdOfPeer(peerId) ?? null
  }

  /** Holds a fault against a peer where it is one, and says in a word what it was. */
  blame(peerId: string, error: unknown): string {
    if (error instanceof SyncError) {
      const isFault = error.code === 'bad-frame' || error.code === 'bad-content'
      if (isFault) this.#host.penalise(peerId, BAD_ANSWER_POINTS, error.code)
      return error.code
    }
    if (error instanceof TransportError) return error.code
    throw error
  }
}
