import type { Connection, Stream } from '@libp2p/interface'
import { readFrames, writeFrames } from './frames.ts'
import type { NetworkLimits } from './limits.ts'
import type { RequestOptions } from './port.ts'
import { decodeResponseFrame } from './response-frame.ts'
import { TransportError } from './transport-error.ts'

/** [WIRE-2] */
export const SYNC_PROTOCOL = '/commonweal/sync/1'

/**
 * Sends one request on a stream of its own and yields the response's frames no faster than they are taken.
 *
 * Errors  TransportError 'refused' · 'too-large' · 'timeout' · 'aborted' · 'stream-failed' · 'stopped'
 * Source  spec/wire.md §4 [WIRE-18] [WIRE-19]
 */
export async function* requestFrames(
  connection: Connection,
  bytes: Uint8Array,
  options: RequestOptions & { readonly limits: NetworkLimits; readonly stopSignal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const { limits, stopSignal } = options
  if (bytes.length > limits.requestBytesMax) {
    throw new TransportError('too-large', 'the request is too large to send', {
      facts: { bytes: bytes.length, bytesMax: limits.requestBytesMax },
    })
  }
  const signal =
    options.signal === undefined ? stopSignal : AbortSignal.any([stopSignal, options.signal])
  const pauseMs = options.timeoutMs ?? limits.responsePauseMs
  let stream: Stream | undefined
  let isDone = false
  try {
    const opening = AbortSignal.any([signal, AbortSignal.timeout(limits.negotiationTimeoutMs)])
    stream = await connection.newStream([SYNC_PROTOCOL], { signal: opening })
    await writeFrames(stream, [bytes], { frameBytesMax: limits.requestBytesMax, signal, pauseMs })
    await stream.close({ signal: AbortSignal.any([signal, AbortSignal.timeout(pauseMs)]) })
    yield* readResponse(stream, { ...options, signal, pauseMs })
    isDone = true
  } catch (error) {
    throw explain(error, options)
  } finally {
    if (!isDone) stream?.abort(new Error('the response is not read to its end'))
  }
}

async function* readResponse(
  stream: Stream,
  options: {
    readonly limits: NetworkLimits
    readonly sizeMax?: number
    readonly signal: AbortSignal
    readonly pauseMs: number
  },
): AsyncGenerator<Uint8Array> {
  const { limits, signal, pauseMs } = options
  const frameBytesMax = limits.responseFrameBytesMax + 1
  const bytesMax = options.sizeMax ?? limits.responseBytesMax
  let bytes = 0
  for await (const frame of readFrames(stream, { frameBytesMax, signal, pauseMs })) {
    const part = decodeResponseFrame(frame)
    switch (part?.kind) {
      case 'end':
        return
      case 'refusal':
        throw new TransportError('refused', `the peer refused the request: ${part.code}`, {
          facts: { reason: part.code },
        })
      case 'body':
        bytes += part.bytes.length
        if (bytes > bytesMax) {
          throw new TransportError('too-large', 'the response is larger than was asked for', {
            facts: { bytes, bytesMax },
          })
        }
        yield part.bytes
        break
      case undefined:
        throw new TransportError('stream-failed', 'the response has a frame that is none')
    }
  }
  throw new TransportError('stream-failed', 'the response broke off before its end')
}

function explain(
  error: unknown,
  options: RequestOptions & { readonly stopSignal: AbortSignal },
): TransportError {
  if (error instanceof TransportError) return error
  const cause = error
  if (options.stopSignal.aborted) return new TransportError('stopped', 'the host stops', { cause })
  if (options.signal?.aborted === true) {
    return new TransportError('aborted', 'the request was called off', { cause })
  }
  const name = error instanceof Error ? error.name : ''
  if (name === 'TimeoutError' || name === 'AbortError') {
    return new TransportError('timeout', 'the peer did not answer in time', { cause })
  }
  return new TransportError('stream-failed', 'the stream of the request broke', { cause })
}
