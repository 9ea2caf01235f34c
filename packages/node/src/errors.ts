/** Facts beside a sentence: numbers and names for a log, never parsed back. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean>>

/**
 * The world's fault: a disk, a port, a peer that does not answer. Whoever can retry does; the rest stops the node.
 *
 * `code` is kebab-case and says what happened; `retryable` whether doing the same again may succeed.
 */
export class OperationalError<Code extends string = string> extends Error {
  override readonly name: string = 'OperationalError'
  readonly code: Code
  readonly retryable: boolean
  readonly facts: ErrorFacts

  constructor(
    code: Code,
    sentence: string,
    options: { retryable?: boolean; facts?: ErrorFacts; cause?: unknown } = {},
  ) {
    super(sentence, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
    this.facts = options.facts ?? {}
  }
}

/** The operator's fault: which key, what was given, what is accepted. One line for a person, exit code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly key: string
  readonly given: string
  readonly accepted: string

  constructor(key: string, given: unknown, accepted: string, cause?: unknown) {
    const shown = formatGiven(given)
    super(
      `${key}: ${shown} was given; accepted: ${accepted}`,
      cause === undefined ? undefined : { cause },
    )
    this.key = key
    this.given = shown
    this.accepted = accepted
  }
}

const GIVEN_LENGTH_MAX = 80

function formatGiven(given: unknown): string {
  if (given === undefined) return 'nothing'
  const text = typeof given === 'string' ? `"${given}"` : (JSON.stringify(given) ?? String(given))
  return text.length <= GIVEN_LENGTH_MAX ? text : `${text.slice(0, GIVEN_LENGTH_MAX)}…`
}
