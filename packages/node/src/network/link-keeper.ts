import type { Libp2p } from '@libp2p/interface'
import type { Admission, AdmittedPeer } from './admission.ts'
import { preferConnection } from './admission.ts'
import type { GatedRegistrar } from './gated-registrar.ts'
import type { GossipRouter } from './gossip.ts'
import { SCORE_THRESHOLDS } from './gossip-score.ts'
import type { NetworkLimits } from './limits.ts'
import { findGossipStreams } from './link-health.ts'
import type { NetworkLogger } from './port.ts'
import { decideLinks } from './watchdog.ts'

export interface LinkKeeperOptions {
  readonly libp2p: Libp2p
  readonly gossip: GossipRouter
  readonly registrar: GatedRegistrar
  readonly admission: Admission
  readonly limits: NetworkLimits
  readonly nowMs: () => number
  readonly logger: NetworkLogger
  readonly signal: AbortSignal
}

/**
 * The watchdog's timer and hands: each tick it closes surplus connections, opens gossip streams that are missing, and
 * hangs up on a peer whose link stays deaf. Whoever loses a peer dials it again by the redial plan.
 *
 * Source  spec/wire.md §3 [WIRE-11] [WIRE-13]
 */
export class LinkKeeper {
  readonly #options: LinkKeeperOptions
  #badTicks: ReadonlyMap<string, number> = new Map()

  constructor(options: LinkKeeperOptions) {
    this.#options = options
    const timer = setInterval(() => this.tick(), options.limits.watchdogTickMs)
    options.signal.addEventListener('abort', () => clearInterval(timer), { once: true })
  }

  tick(): void {
    const { admission, gossip, limits, nowMs, logger } = this.#options
    const peers = admission.list()
    for (const peer of peers) {
      this.#closeSurplus(peer)
      this.#closeGraylisted(peer)
    }
    const links = peers.map((peer) => ({
      peerId: peer.peerId,
      ageMs: nowMs() - peer.sinceMs,
      ...findGossipStreams(gossip, peer.peerId, peer.connections),
    }))
    const graceMs = limits.negotiationTimeoutMs
    const decision = decideLinks(this.#badTicks, links, {
      badTicks: limits.watchdogBadTicks,
      graceMs,
    })
    this.#badTicks = decision.badTicks
    for (const peerId of decision.repair) this.attachGossip(peerId)
    for (const peerId of decision.redial) {
      logger.info({ peerId }, 'gossip flows one way only: the link is cut and dialled again')
      this.hangUp(peerId, 'the gossip link is one-way')
    }
  }

  /** Opens gossip to an admitted peer on the connection that both sides prefer; harmless where it is open. */
  attachGossip(peerId: string): void {
    const connection = this.#options.admission.connection(peerId)
    if (connection !== undefined) this.#options.registrar.connect(connection.remotePeer, connection)
  }

  /** Cuts every connection to a peer, admitted or not, without waiting for it. */
  hangUp(peerId: string, reason: string): void {
    for (const connection of this.#options.libp2p.getConnections()) {
      if (connection.remotePeer.toString() === peerId) connection.abort(new Error(reason))
    }
  }

  // [WIRE-22] Not to hear a peer only halves what its flood costs us, so that we hang up as well.
  #closeGraylisted({ peerId }: AdmittedPeer): void {
    const score = this.#options.gossip.getScore(peerId)
    if (score >= SCORE_THRESHOLDS.graylistThreshold) return
    this.#options.logger.warn({ peerId, score }, 'a peer is not heard any more: the link is cut')
    this.hangUp(peerId, 'the peer is graylisted')
  }

  // [WIRE-11] Both sides prefer the same connection; the lower peer id closes the others.
  #closeSurplus(peer: AdmittedPeer): void {
    const selfId = this.#options.libp2p.peerId.toString()
    if (peer.connections.length < 2 || selfId > peer.peerId) return
    const kept = preferConnection(selfId, peer.connections)
    for (const connection of peer.connections) {
      if (connection === kept) continue
      void connection.close().catch((error: Error) => connection.abort(error))
    }
  }
}
