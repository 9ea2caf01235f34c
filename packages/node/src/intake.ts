import { hash } from 'node:crypto'
import {
  type AgentId,
  ignore,
  type OpenContext,
  open,
  type Rejection,
  type Result,
  type Verdict,
  type Verified,
} from '@commonweal/protocol'
import { TokenBucket } from './network/token-bucket.ts'

/** Messages a second that one author may have stepped, and how many at once. */
export const AUTHOR_RATE_PER_SECOND = 200
export const AUTHOR_BURST = 1_000
/** The least time between two looks of the core at the same message, which has cost its author's rate already. */
export const AGAIN_PAUSE_MS = 100
/** Authors whose rate is remembered; beyond it the one that was silent for longest is forgotten. */
export const AUTHORS_MAX = 4_096
/** Messages remembered as seen, and bytes of those that were good; beyond either the oldest is forgotten. */
export const SEEN_COUNT_MAX = 16_384
export const SEEN_BYTES_MAX: number = 16 * 1024 * 1024

const VOTES: ReadonlySet<string> = new Set(['notarize', 'nullify', 'finalize'])

/** What is known of bytes that came before. */
type Seen =
  | { readonly status: 'bad'; readonly error: Rejection }
  /** `verdict` is null while the core has not yet said what it makes of the message. */
  | {
      readonly status: 'good'
      readonly message: Verified
      verdict: Verdict | null
      /** When the core was last handed it; null while its author's rate has not let it through. */
      handedAtMs: number | null
    }

/** What to do with bytes from a peer. */
export type Intake =
  /** Hand it to the core, then tell {@link MessageIntake.judge} what the core made of it. */
  | { readonly kind: 'step'; readonly message: Verified }
  /**
   * The core has accepted exactly these bytes: say so again. `isCall`: it is a vote, and votes that come again say that their
   * author is still where it was: the core is shown it. [CON-13]
   */
  | { readonly kind: 'accepted-before'; readonly message: Verified; readonly isCall: boolean }

/**
 * From bytes to verified messages: seen before, size, shape, signature, the author's rate, in this order. A signature is
 * checked once, however often and by however many ways its message comes.
 *
 * What the core ignored is handed to it again when it comes again: it may have been early. A message costs its author's rate
 * once: whoever sends another's words over and over does not silence it.
 */
export class MessageIntake {
  readonly #context: OpenContext
  readonly #seen = new Map<string, Seen>()
  readonly #buckets = new Map<AgentId, TokenBucket>()
  #seenBytes = 0

  constructor(context: OpenContext) {
    this.#context = context
  }

  take(envelope: Uint8Array, nowMs: number): Result<Intake, string> {
    const key = hash('sha256', envelope, 'base64')
    const seen = this.#seen.get(key) ?? this.#open(key, envelope)
    if (seen.status === 'bad') return { ok: false, error: seen.error }
    const { message, verdict, handedAtMs } = seen
    const { author, kind } = message.message
    const isJustNow = handedAtMs !== null && nowMs < handedAtMs + AGAIN_PAUSE_MS
    if (verdict === 'accept') {
      const isCall = VOTES.has(kind) && !isJustNow
      if (isCall) seen.handedAtMs = nowMs
      return { ok: true, value: { kind: 'accepted-before', message, isCall } }
    }
    if (isJustNow) return ignore('seen-just-now', { author })
    // After the signature: else a forger could use up another's rate.
    const isCharged = handedAtMs === null
    if (isCharged && !this.#bucketOf(author, nowMs).take(nowMs)) {
      return ignore('author-rate', { author })
    }
    seen.handedAtMs = nowMs
    return { ok: true, value: { kind: 'step', message } }
  }

  /** Remembers what the core made of a message. */
  judge(message: Verified, verdict: Verdict): void {
    const seen = this.#seen.get(hash('sha256', message.envelope, 'base64'))
    if (seen?.status === 'good') seen.verdict = verdict
  }

  /** Forgets what came before: a core that starts again from the disk has its part in none of it. */
  forget(): void {
    this.#seen.clear()
    this.#seenBytes = 0
  }

  #open(key: string, envelope: Uint8Array): Seen {
    const opened = open(envelope, this.#context)
    const seen: Seen = opened.ok
      ? { status: 'good', message: opened.value, verdict: null, handedAtMs: null }
      : { status: 'bad', error: opened.error }
    this.#seen.set(key, seen)
    this.#seenBytes += sizeOf(seen)
    for (const [oldest, forgotten] of this.#seen) {
      if (this.#seen.size <= SEEN_COUNT_MAX && this.#seenBytes <= SEEN_BYTES_MAX) break
      this.#seen.delete(oldest)
      this.#seenBytes -= sizeOf(forgotten)
    }
    return seen
  }

  #bucketOf(author: AgentId, nowMs: number): TokenBucket {
    const bucket =
      this.#buckets.get(author) ?? new TokenBucket(AUTHOR_RATE_PER_SECOND, AUTHOR_BURST, nowMs)
    this.#buckets.delete(author)
    this.#buckets.set(author, bucket)
    for (const silent of this.#buckets.keys()) {
      if (this.#buckets.size <= AUTHORS_MAX) break
      this.#buckets.delete(silent)
    }
    return bucket
  }
}

/** An envelope and its decoded message are about twice its bytes. */
function sizeOf(seen: Seen): number {
  return seen.status === 'good' ? 2 * seen.message.envelope.length : 0
}
