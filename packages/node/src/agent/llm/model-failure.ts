import { OperationalError } from '../../errors.ts'
import type { ChatReply } from './chat-model.ts'

/**
 * Why a model gave no usable answer. None of these is a choice of the agent's.
 *
 * - of the way there: `rate-limited`, `server-failed`, `connection-lost`, `timed-out`, `unauthorized`, `request-refused`,
 *   `malformed-response`, `reply-too-large`, `cancelled`
 * - of the reply: `refused`, `empty-reply`, `cut-off`, `not-json`, `wrong-shape`
 * - of what the reply says: `law-refused` (no ledger would take it), `outside-mandate`
 * - of our own limits: `over-budget`, `not-recorded` (the cassette has no such answer)
 * - of an assistant: `unattended` (none is attached) · of a module of the operator's own: `threw`
 */
export const MODEL_FAILURE_CODES = [
  'rate-limited',
  'server-failed',
  'connection-lost',
  'timed-out',
  'unauthorized',
  'request-refused',
  'malformed-response',
  'reply-too-large',
  'cancelled',
  'refused',
  'empty-reply',
  'cut-off',
  'not-json',
  'wrong-shape',
  'law-refused',
  'outside-mandate',
  'over-budget',
  'not-recorded',
  'unattended',
  'threw',
] as const

export type ModelFailureCode = (typeof MODEL_FAILURE_CODES)[number]

/** A model did not answer, or not usefully. The sentence is for logs and, where it is about a reply, for the model. */
export class ModelFailure extends OperationalError<ModelFailureCode> {
  override readonly name = 'ModelFailure'
  /** How long the server asks us to wait; null where it does not say. */
  readonly retryAfterMs: number | null
  /** A reply that is of no use, and was paid for all the same. */
  readonly reply: ChatReply | null

  constructor(
    code: ModelFailureCode,
    sentence: string,
    options: { retryAfterMs?: number | null; reply?: ChatReply | null; cause?: unknown } = {},
  ) {
    super(code, sentence, {
      retryable: RETRYABLE.has(code),
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    })
    this.retryAfterMs = options.retryAfterMs ?? null
    this.reply = options.reply ?? null
  }
}

const RETRYABLE: ReadonlySet<string> = new Set<ModelFailureCode>([
  'rate-limited',
  'server-failed',
  'connection-lost',
  'malformed-response',
])
