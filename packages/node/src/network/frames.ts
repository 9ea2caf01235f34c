import type { Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { encode } from 'it-length-prefixed'
import { pipe } from 'it-pipe'

export interface FrameLimits {
  /** Largest frame; a larger one ends the stream with an error. */
  readonly frameBytesMax: number
  /** Ends the stream's use. */
  readonly signal: AbortSignal
  /** Greatest wait for one frame to come or to go; none by default. */
  readonly pauseMs?: number
}

/**
 * Reads length-prefixed frames, one at a time: between two reads the stream is paused, so that what a slow reader has
 * not taken waits at the sender. Ends where the peer ends; throws where the stream breaks or a frame is too large.
 *
 * Shape   frame = varint length ‖ bytes
 * Source  spec/wire.md §4 [WIRE-14] [WIRE-15]
 */
export async function* readFrames(stream: Stream, limits: FrameLimits): AsyncGenerator<Uint8Array> {
  const frames = lpStream(stream, { maxDataLength: limits.frameBytesMax })
  while (true) {
    if (stream.readStatus === 'paused') stream.resume()
    let frame: Uint8Array
    try {
      frame = (await frames.read({ signal: waitSignal(limits) })).subarray()
    } catch (error) {
      if (error instanceof Error && error.name === 'UnexpectedEOFError') return
      throw error
    }
    if (stream.readStatus === 'readable') stream.pause()
    yield frame
  }
}

/** Writes frames as fast as the peer takes them, and leaves the stream open. */
export async function writeFrames(
  stream: Stream,
  frames: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limits: FrameLimits,
): Promise<void> {
  await pipe(
    frames,
    (source) => encode(source, { maxDataLength: limits.frameBytesMax }),
    async (source) => {
      for await (const chunk of source) {
        if (!stream.send(chunk)) await untilDrained(stream, waitSignal(limits))
      }
    },
  )
}

/** `stream.onDrain()` works once only, so we listen for the event ourselves. */
function untilDrained(stream: Stream, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onDrain = (): void => resolve()
  const onClose = (): void => reject(new Error('the stream closed while frames were waiting'))
  const onAbort = (): void => reject(signal.reason)
  stream.addEventListener('drain', onDrain)
  stream.addEventListener('close', onClose)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  return promise.finally(() => {
    stream.removeEventListener('drain', onDrain)
    stream.removeEventListener('close', onClose)
    signal.removeEventListener('abort', onAbort)
  })
}

function waitSignal(limits: FrameLimits): AbortSignal {
  if (limits.pauseMs === undefined) return limits.signal
  return AbortSignal.any([limits.signal, AbortSignal.timeout(limits.pauseMs)])
}
