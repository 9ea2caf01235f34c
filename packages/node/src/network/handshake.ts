import { setTimeout as delay } from 'node:timers/promises'
import type { Connection, Stream } from '@libp2p/interface'
import { readFrames, writeFrames } from './frames.ts'
import type { HelloFrame, RefusalCode } from './hello.ts'
import { checkHello, decodeHelloFrame, encodeHelloFrame } from './hello.ts'
import type { NetworkLimits } from './limits.ts'
import type { Hello } from './port.ts'

/** [WIRE-2] */
export const HELLO_PROTOCOL = '/commonweal/hello/1'

export type HandshakeOutcome =
  | { readonly kind: 'passed'; readonly hello: Hello }
  | {
      readonly kind: 'refused'
      readonly code: RefusalCode
      readonly by: 'us' | 'them'
      readonly theirs: Hello | undefined
    }

export interface HandshakeOptions {
  readonly ours: Hello
  readonly limits: NetworkLimits
  readonly signal: AbortSignal
}

/**
 * The side that dialled: hello → ; ← hello and verdict; verdict →. Throws where the stream breaks.
 *
 * Source  spec/wire.md §2 [WIRE-3] [WIRE-4] [WIRE-5]
 */
export async function openHandshake(
  connection: Connection,
  options: HandshakeOptions,
): Promise<HandshakeOutcome> {
  const { ours, signal } = options
  const stream = await connection.newStream([HELLO_PROTOCOL], { signal })
  const exchange = startExchange(stream, options)
  try {
    await exchange.write({ hello: ours })
    const answer = await exchange.read()
    const theirs = answer?.hello
    if (answer?.refusal !== undefined) {
      return { kind: 'refused', code: answer.refusal, by: 'them', theirs }
    }
    const refusal = checkHello(ours, theirs)
    await exchange.write({ refusal })
    await stream.close({ signal })
    if (refusal !== undefined || theirs === undefined) {
      return { kind: 'refused', code: refusal ?? 'malformed-hello', by: 'us', theirs }
    }
    return { kind: 'passed', hello: theirs }
  } catch (error) {
    stream.abort(asError(error))
    throw error
  }
}

/** The side that was dialled: ← hello; hello and verdict →; ← verdict. Throws where the stream breaks. */
export async function acceptHandshake(
  stream: Stream,
  options: HandshakeOptions,
): Promise<HandshakeOutcome> {
  const { ours, signal } = options
  const exchange = startExchange(stream, options)
  try {
    const theirs = (await exchange.read())?.hello
    const refusal = checkHello(ours, theirs)
    await exchange.write({ hello: ours, refusal })
    await stream.close({ signal })
    if (refusal !== undefined || theirs === undefined) {
      await exchange.untilRead()
      return { kind: 'refused', code: refusal ?? 'malformed-hello', by: 'us', theirs }
    }
    const verdict = await exchange.read()
    if (verdict === undefined) throw new Error('the handshake broke off before the verdict')
    if (verdict.refusal !== undefined) {
      return { kind: 'refused', code: verdict.refusal, by: 'them', theirs }
    }
    return { kind: 'passed', hello: theirs }
  } catch (error) {
    stream.abort(asError(error))
    throw error
  }
}

/** How long a refused peer may take to read why, before the connection is closed under it. */
const REFUSAL_READ_MS = 1_000

interface Exchange {
  write(frame: HelloFrame): Promise<void>
  /** The next frame, or undefined where there is none or it is not one. */
  read(): Promise<HelloFrame | undefined>
  /** Waits for the other side to have read what we wrote: until it closes, but not long. */
  untilRead(): Promise<void>
}

function startExchange(stream: Stream, options: HandshakeOptions): Exchange {
  const limits = { frameBytesMax: options.limits.helloBytesMax, signal: options.signal }
  const frames = readFrames(stream, limits)
  return {
    write: (frame) => writeFrames(stream, [encodeHelloFrame(frame)], limits),
    async read() {
      const next = await frames.next()
      return next.done === true ? undefined : decodeHelloFrame(next.value)
    },
    async untilRead() {
      const late = delay(REFUSAL_READ_MS, undefined, { signal: options.signal, ref: false })
      await Promise.race([frames.next(), late]).catch(() => undefined)
    },
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
