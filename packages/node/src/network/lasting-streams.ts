import { setTimeout as delay } from 'node:timers/promises'
import type { Connection, Stream } from '@libp2p/interface'
import { readFrames, writeFrames } from './frames.ts'
import type { NetworkLimits } from './limits.ts'
import { Outbox } from './outbox.ts'
import type { NetworkLogger, SendReceiver } from './port.ts'
import { TokenBucket } from './token-bucket.ts'

/** Pause before a stream that failed is opened again. */
const REOPEN_MS = 100

export interface LastingStreamsOptions {
  readonly protocol: string
  readonly limits: NetworkLimits
  readonly nowMs: () => number
  readonly logger: NetworkLogger
  /** Ends every stream: the host stops. */
  readonly signal: AbortSignal
  readonly connectionTo: (peerId: string) => Connection | undefined
  readonly penalise: (peerId: string, points: number, code: string) => void
  readonly onBug: (error: unknown) => void
}

interface Lane {
  readonly outbox: Outbox
  readonly controller: AbortController
}

/**
 * One stream to each peer that stays open: frames go in order, a retry of identical bytes is not swallowed as gossip
 * would, and a slow peer costs a bounded queue and nothing else. Each direction has a stream of its own.
 *
 * Source  spec/wire.md §4 [WIRE-16] [WIRE-17]
 */
export class LastingStreams {
  readonly #options: LastingStreamsOptions
  readonly #lanes = new Map<string, Lane>()
  readonly #buckets = new Map<string, TokenBucket>()
  #receiver: SendReceiver | undefined

  constructor(options: LastingStreamsOptions) {
    this.#options = options
  }

  /** Largest frame. */
  get bytesMax(): number {
    return this.#options.limits.sendBytesMax
  }

  setReceiver(receiver: SendReceiver): void {
    this.#receiver = receiver
  }

  /** Queues a frame. The caller has checked its size and that the peer is connected. */
  send(peerId: string, bytes: Uint8Array): void {
    const known = this.#lanes.get(peerId)
    if (known !== undefined) {
      known.outbox.push(bytes)
      return
    }
    const { limits } = this.#options
    const lane: Lane = {
      outbox: new Outbox(limits.sendQueueCountMax, limits.sendQueueBytesMax),
      controller: new AbortController(),
    }
    this.#lanes.set(peerId, lane)
    lane.outbox.push(bytes)
    void this.#run(peerId, lane)
  }

  /** Forgets what waits for a peer that left. */
  drop(peerId: string): void {
    const lane = this.#lanes.get(peerId)
    this.#lanes.delete(peerId)
    this.#buckets.delete(peerId)
    lane?.outbox.close()
    lane?.controller.abort()
  }

  /** Reads the frames that a peer sends us, for as long as its stream lives. */
  async serve(stream: Stream, from: string): Promise<void> {
    const { limits, signal, penalise, logger } = this.#options
    try {
      const frames = readFrames(stream, { frameBytesMax: limits.sendBytesMax, signal })
      for await (const frame of frames) {
        await this.#untilAllowed(from)
        this.#deliver(frame, from)
      }
      await stream.close({ signal })
    } catch (error) {
      if (isTooLong(error)) penalise(from, limits.rejectPoints, 'frame-too-large')
      logger.debug({ peerId: from, error }, 'a lasting stream from a peer ended')
      stream.abort(asError(error))
    }
  }

  // [WIRE-17] Above the rate nothing is dropped: the reader waits, and so does the sender.
  async #untilAllowed(from: string): Promise<void> {
    const { limits, nowMs, signal } = this.#options
    const known = this.#buckets.get(from)
    const bucket = known ?? new TokenBucket(limits.sendRatePerSecond, limits.sendBurst, nowMs())
    if (known === undefined) this.#buckets.set(from, bucket)
    while (!bucket.take(nowMs())) {
      await delay(Math.ceil(bucket.waitMs(nowMs())), undefined, { signal })
    }
  }

  #deliver(frame: Uint8Array, from: string): void {
    try {
      this.#receiver?.(frame, from)
    } catch (error) {
      this.#options.onBug(error)
    }
  }

  async #run(peerId: string, lane: Lane): Promise<void> {
    const signal = AbortSignal.any([this.#options.signal, lane.controller.signal])
    while (!signal.aborted) {
      await lane.outbox.untilWaiting(signal)
      const connection = this.#options.connectionTo(peerId)
      if (signal.aborted || connection === undefined) return
      try {
        await this.#drain(connection, lane, signal)
      } catch (error) {
        if (signal.aborted) return
        this.#options.logger.debug({ peerId, error }, 'a lasting stream to a peer failed')
        await delay(REOPEN_MS, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  /** Opens the stream and feeds it until it closes. */
  async #drain(connection: Connection, lane: Lane, signal: AbortSignal): Promise<void> {
    const { protocol, limits } = this.#options
    const opening = AbortSignal.any([signal, AbortSignal.timeout(limits.negotiationTimeoutMs)])
    const stream = await connection.newStream([protocol], { signal: opening })
    const closing = new AbortController()
    stream.addEventListener('close', () => closing.abort(), { once: true })
    const frames = lane.outbox.take(AbortSignal.any([signal, closing.signal]))
    const frameBytesMax = limits.sendBytesMax
    try {
      await writeFrames(stream, frames, { frameBytesMax, signal, pauseMs: limits.responsePauseMs })
      await stream.close({ signal: AbortSignal.timeout(limits.negotiationTimeoutMs) })
    } catch (error) {
      stream.abort(asError(error))
      throw error
    }
  }
}

function isTooLong(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'InvalidDataLengthError' || error.name === 'InvalidDataLengthLengthError')
  )
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
