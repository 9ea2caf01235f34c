import { OperationalError } from '../errors.ts'
import type { Judgement } from '../loop.ts'

/**
 * - `bad-frame`: not a frame of the protocol, or not one that answers the request: held against the peer.
 * - `bad-content`: a well-formed answer that is not what it must be: held against the peer.
 * - `no-answer`: the peer has nothing, or did not answer.
 * - `not-held`: the peer says that it does not keep that any more, or passed it over.
 */
export type SyncCode = 'bad-frame' | 'bad-content' | 'no-answer' | 'not-held'

/** What went wrong while one peer answered one request; another peer may do better. */
export class SyncError extends OperationalError<SyncCode> {
  override readonly name = 'SyncError'

  constructor(code: SyncCode, sentence: string, cause?: unknown) {
    super(code, sentence, { retryable: true, ...(cause === undefined ? {} : { cause }) })
  }
}

/** Errors  SyncError 'bad-content' where the replica rejected what the peer answered. */
export function checkJudgement({ verdict, code }: Judgement, peerId: string): void {
  if (verdict !== 'reject') return
  throw new SyncError('bad-content', `${peerId} sent what is refused: ${code ?? 'no code'}`)
}
