import type { ClockPort } from '../../ports.ts'
import type { ChatModel } from './chat-model.ts'
import { ModelFailure, type ModelFailureCode } from './model-failure.ts'
import { pause } from './pause.ts'

/** Most times that one request is made. */
export const ATTEMPTS_MAX = 4
const BACKOFF_MS = 500
/** A server that asks for longer is not waited for: the turn would be over. */
export const RETRY_AFTER_MS_MAX = 30_000

export interface RetryOptions {
  readonly clock: ClockPort
  /** 0 … 1, so that agents that were refused together do not come back together. */
  readonly random?: () => number
  /** Every attempt that came to nothing, those too that a later one made good. */
  readonly onFault: (code: ModelFailureCode) => void
}

/**
 * Asks again where that may help, after as long as the server says, or after 0.5, 1, 2 s and up to half as much more.
 *
 * What the server asks for beyond {@link RETRY_AFTER_MS_MAX} fails at once.
 */
export function retrying(model: ChatModel, options: RetryOptions): ChatModel {
  const { clock, random = Math.random, onFault } = options
  return {
    async complete(request, call) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await model.complete(request, call)
        } catch (error) {
          if (!(error instanceof ModelFailure)) throw error
          // A reply is judged by who asked.
          if (!call.signal.aborted && error.reply === null) onFault(error.code)
          const ownMs = BACKOFF_MS * 2 ** (attempt - 1) * (1 + random() / 2)
          const delayMs = error.retryAfterMs ?? ownMs
          const isOver = !error.retryable || attempt >= ATTEMPTS_MAX || delayMs > RETRY_AFTER_MS_MAX
          if (isOver) throw error
          await pause(clock, delayMs, call.signal).catch((cause: unknown) => {
            throw cause instanceof ModelFailure ? cause : error
          })
        }
      }
    },
  }
}
