import type { TopicValidatorFn } from '@chainsafe/libp2p-gossipsub'
import { TopicValidatorResult } from '@chainsafe/libp2p-gossipsub'
import type { Verdict } from '@commonweal/protocol'
import type { NetworkLimits } from './limits.ts'
import type { GossipValidator, TopicName } from './port.ts'
import { TokenBucket } from './token-bucket.ts'

const RESULTS: Readonly<Record<Verdict, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
}

/** What a peer is penalised for that sent a rejected message; why it was rejected, its judge knows. */
export const REJECTED = 'rejected-message'

export interface GossipInboxOptions {
  readonly limits: NetworkLimits
  readonly nowMs: () => number
  readonly isAdmitted: (peerId: string) => boolean
  readonly penalise: (peerId: string, points: number, code: string) => void
  /** Our own bug: a validator threw. */
  readonly onBug: (error: unknown) => void
}

interface Waiting {
  readonly validator: GossipValidator
  readonly bytes: Uint8Array
  readonly from: string
  readonly settle: (verdict: Verdict) => void
}

/**
 * Stands between gossip and the validators: bounds what one peer can have judged, and hands messages over in a turn of
 * their own, so that judging never runs inside gossip's forwarding.
 *
 * Source  spec/wire.md §6 [WIRE-20] [WIRE-21]
 */
export class GossipInbox {
  readonly #options: GossipInboxOptions
  readonly #validators = new Map<TopicName, GossipValidator>()
  readonly #buckets = new Map<string, TokenBucket>()
  readonly #pendingCounts = new Map<string, number>()
  #waiting: Waiting[] = []

  constructor(options: GossipInboxOptions) {
    this.#options = options
  }

  set(topic: TopicName, validator: GossipValidator): void {
    this.#validators.set(topic, validator)
  }

  forget(peerId: string): void {
    this.#buckets.delete(peerId)
  }

  /** The validator that gossipsub calls for a topic. */
  topicValidator(topic: TopicName): TopicValidatorFn {
    return async (peer, message) => RESULTS[await this.#judge(topic, message.data, peer.toString())]
  }

  async #judge(topic: TopicName, bytes: Uint8Array, from: string): Promise<Verdict> {
    const { limits, penalise, isAdmitted } = this.#options
    const validator = this.#validators.get(topic)
    if (validator === undefined || !isAdmitted(from)) return 'ignore'
    if (bytes.length > limits.gossipBytesMax) {
      penalise(from, limits.rejectPoints, 'too-large')
      return 'reject'
    }
    if (!this.#admits(from)) {
      penalise(from, limits.floodPoints, 'gossip-flood')
      return 'ignore'
    }
    const verdict = await this.#enqueue(validator, bytes, from)
    if (verdict === 'reject') penalise(from, limits.rejectPoints, REJECTED)
    return verdict
  }

  #admits(from: string): boolean {
    const { limits, nowMs } = this.#options
    if ((this.#pendingCounts.get(from) ?? 0) >= limits.gossipPendingMax) return false
    const known = this.#buckets.get(from)
    const bucket = known ?? new TokenBucket(limits.gossipRatePerSecond, limits.gossipBurst, nowMs())
    if (known === undefined) this.#buckets.set(from, bucket)
    return bucket.take(nowMs())
  }

  #enqueue(validator: GossipValidator, bytes: Uint8Array, from: string): Promise<Verdict> {
    const { promise, resolve } = Promise.withResolvers<Verdict>()
    this.#pendingCounts.set(from, (this.#pendingCounts.get(from) ?? 0) + 1)
    const settle = (verdict: Verdict): void => {
      const count = (this.#pendingCounts.get(from) ?? 1) - 1
      if (count > 0) this.#pendingCounts.set(from, count)
      else this.#pendingCounts.delete(from)
      resolve(verdict)
    }
    this.#waiting.push({ validator, bytes, from, settle })
    if (this.#waiting.length === 1) setImmediate(() => this.#drain())
    return promise
  }

  #drain(): void {
    const batch = this.#waiting
    this.#waiting = []
    for (const { validator, bytes, from, settle } of batch) {
      const fail = (error: unknown): void => {
        settle('ignore')
        this.#options.onBug(error)
      }
      try {
        const verdict = validator(bytes, from)
        if (typeof verdict === 'string') settle(verdict)
        else verdict.then(settle, fail)
      } catch (error) {
        fail(error)
      }
    }
  }
}
