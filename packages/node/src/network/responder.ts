import type { Stream } from '@libp2p/interface'
import { readFrames, writeFrames } from './frames.ts'
import type { NetworkLimits } from './limits.ts'
import type { NetworkLogger, RequestResponder } from './port.ts'
import type { ResponseRefusal } from './response-frame.ts'
import { encodeResponseFrame } from './response-frame.ts'
import { TokenBucket } from './token-bucket.ts'

export interface ResponderOptions {
  readonly limits: NetworkLimits
  readonly nowMs: () => number
  readonly logger: NetworkLogger
  readonly signal: AbortSignal
  readonly onBug: (error: unknown) => void
}

/**
 * Answers requests: a bounded number at a time, a bounded rate from each peer, a bounded size, and never faster than
 * the peer reads.
 *
 * Source  spec/wire.md §4 [WIRE-18] [WIRE-19]
 */
export class Responder {
  readonly #options: ResponderOptions
  readonly #buckets = new Map<string, TokenBucket>()
  readonly #underWay = new Map<string, number>()
  #underWayCount = 0
  #respond: RequestResponder | undefined

  constructor(options: ResponderOptions) {
    this.#options = options
  }

  set(respond: RequestResponder): void {
    this.#respond = respond
  }

  forget(peerId: string): void {
    this.#buckets.delete(peerId)
  }

  async serve(stream: Stream, from: string): Promise<void> {
    const ending = new AbortController()
    stream.addEventListener('close', () => ending.abort(), { once: true })
    const signal = AbortSignal.any([this.#options.signal, ending.signal])
    try {
      const refusal = this.#refusal(from)
      if (refusal === undefined) await this.#answer(stream, from, signal)
      else await this.#write(stream, [refusalFrame(refusal)], signal)
      await stream.close({ signal })
    } catch (error) {
      this.#options.logger.debug({ peerId: from, error }, 'a response ended early')
      stream.abort(error instanceof Error ? error : new Error(String(error)))
    }
  }

  // [WIRE-19]
  #refusal(from: string): ResponseRefusal | undefined {
    const { limits, nowMs } = this.#options
    const known = this.#buckets.get(from)
    const bucket =
      known ?? new TokenBucket(limits.requestRatePerSecond, limits.requestBurst, nowMs())
    if (known === undefined) this.#buckets.set(from, bucket)
    if (!bucket.take(nowMs())) return 'rate-limited'
    if ((this.#underWay.get(from) ?? 0) >= limits.responsesPerPeerMax) return 'busy'
    return this.#underWayCount >= limits.responsesMax ? 'busy' : undefined
  }

  async #answer(stream: Stream, from: string, signal: AbortSignal): Promise<void> {
    this.#count(from, 1)
    try {
      const { requestBytesMax, responsePauseMs } = this.#options.limits
      const limits = { frameBytesMax: requestBytesMax, signal, pauseMs: responsePauseMs }
      const request = await readFrames(stream, limits).next()
      if (request.done === true) throw new Error('the stream ended before the request')
      await this.#write(stream, this.#frames(request.value, from, signal), signal)
    } finally {
      this.#count(from, -1)
    }
  }

  async *#frames(
    request: Uint8Array,
    from: string,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const { limits, logger, onBug } = this.#options
    const respond = this.#respond
    if (respond === undefined) {
      yield refusalFrame('busy')
      return
    }
    let bytes = 0
    try {
      for await (const body of respond(request, from, signal)) {
        bytes += body.length
        if (body.length > limits.responseFrameBytesMax || bytes > limits.responseBytesMax) {
          yield refusalFrame('too-large')
          return
        }
        yield encodeResponseFrame({ kind: 'body', bytes: body })
      }
      yield encodeResponseFrame({ kind: 'end' })
    } catch (error) {
      if (error instanceof Error && error.name === 'InvariantError') onBug(error)
      logger.warn({ peerId: from, error }, 'a request could not be answered')
      yield refusalFrame('failed')
    }
  }

  #write(
    stream: Stream,
    frames: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const { responseFrameBytesMax, responsePauseMs } = this.#options.limits
    const frameBytesMax = responseFrameBytesMax + 1
    return writeFrames(stream, frames, { frameBytesMax, signal, pauseMs: responsePauseMs })
  }

  #count(from: string, step: 1 | -1): void {
    const count = (this.#underWay.get(from) ?? 0) + step
    this.#underWayCount += step
    if (count === 0) this.#underWay.delete(from)
    else this.#underWay.set(from, count)
  }
}

function refusalFrame(code: ResponseRefusal): Uint8Array {
  return encodeResponseFrame({ kind: 'refusal', code })
}
