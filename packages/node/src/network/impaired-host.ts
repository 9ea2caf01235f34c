import { setTimeout as delay } from 'node:timers/promises'
import type { Verdict } from '@commonweal/protocol'
import type { GossipValidator, Host, RequestOptions, SendReceiver } from './port.ts'

/** What an experiment puts between a node and its peers. */
export interface LinkConditions {
  /** Least time that a message is on its way, in ms. */
  readonly latencyMs: number
  /** Up to this much more, drawn for each message, in ms. */
  readonly jitterMs: number
  /** Part of all messages that never arrive, from 0 to 1. */
  readonly loss: number
}

/**
 * The same host with worse links: what comes in comes later, out of order, or not at all. A request waits as long as a message
 * there and one back, and is not lost: it has a stream of its own, which the system would repair. Nor is a signal between agents,
 * so that what experiments say of bad links is about the protocol and not about who missed a question.
 *
 * @param random draws from [0, 1).
 */
export function impairHost(
  host: Host,
  { latencyMs, jitterMs, loss }: LinkConditions,
  random: () => number,
): Host {
  const travel = (): Promise<void> =>
    delay(latencyMs + random() * jitterMs, undefined, { ref: false })
  const isLost = (): boolean => random() < loss
  const slow =
    (validator: GossipValidator): GossipValidator =>
    async (bytes, from): Promise<Verdict> => {
      if (isLost()) return 'ignore'
      await travel()
      return validator(bytes, from)
    }
  return {
    peerId: host.peerId,
    addresses: () => host.addresses(),
    peers: () => host.peers(),
    publish: (topic, bytes) => host.publish(topic, bytes),
    onGossip: (topic, validator) => host.onGossip(topic, slow(validator)),
    send: (peerId, protocol, bytes) => host.send(peerId, protocol, bytes),
    onSend: (protocol, receiver: SendReceiver) =>
      host.onSend(protocol, (bytes, from) => {
        if (protocol === 'signal' || !isLost()) void travel().then(() => receiver(bytes, from))
      }),
    async *request(peerId: string, bytes: Uint8Array, options?: RequestOptions) {
      await travel()
      await travel()
      yield* host.request(peerId, bytes, options)
    },
    onRequest: (responder) => host.onRequest(responder),
    penalise: (peerId, points, code) => host.penalise(peerId, points, code),
    ban: (peerId, code) => host.ban(peerId, code),
    standingOf: (peerId) => host.standingOf(peerId),
    connect: (address) => host.connect(address),
    setBlocked: (peerIds) => host.setBlocked(peerIds),
    stop: () => host.stop(),
  }
}
