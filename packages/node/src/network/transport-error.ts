export type TransportCode =
  | 'too-large'
  | 'not-connected'
  | 'refused'
  | 'timeout'
  | 'aborted'
  | 'stream-failed'
  | 'bad-address'
  | 'stopped'

/** The network's fault, or the operator's: never a verdict on what a peer said. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  readonly code: TransportCode
  readonly retryable: boolean
  readonly facts: Readonly<Record<string, string | number>>

  constructor(
    code: TransportCode,
    sentence: string,
    options: { facts?: Readonly<Record<string, string | number>>; cause?: unknown } = {},
  ) {
    super(sentence, { cause: options.cause })
    this.code = code
    this.retryable = code === 'timeout' || code === 'not-connected' || code === 'stream-failed'
    this.facts = options.facts ?? {}
  }
}
