import type { Cid } from '../../codec/cid.ts'
import type { ForecastKind } from '../../message/forecast.ts'
import type { Result } from '../../result.ts'
import type { TransactionOf, Work } from '../work.ts'
import { applyCloseLock, applyLock, type LockCode } from './lock.ts'
import { type AdmitCode, applyAdmit, applyQuestion, type QuestionCode } from './question.ts'
import {
  type AssertCode,
  applyAssert,
  applyDispute,
  applyResolve,
  type ResolveCode,
} from './resolve.ts'
import {
  applyRevealStatement,
  applySealStatement,
  type RevealStatementCode,
  type SealStatementCode,
} from './statement.ts'
import { applyStream, type StreamRefusal } from './stream.ts'
import { applyRevealVerdict, applySealVerdict, type VerdictCode } from './verdict.ts'

export type ForecastCode =
  | LockCode
  | QuestionCode
  | AdmitCode
  | SealStatementCode
  | RevealStatementCode
  | StreamRefusal
  | ResolveCode
  | AssertCode
  | VerdictCode

/** Applies a transaction of the forecasting market. [FOR-1] */
export function applyForecast(
  work: Work,
  message: TransactionOf<ForecastKind>,
  id: Cid,
): Result<void, ForecastCode> {
  switch (message.kind) {
    case 'lock':
      return applyLock(work, message)
    case 'close-lock':
      return applyCloseLock(work, message.author)
    case 'question':
      return applyQuestion(work, message, id)
    case 'admit':
      return applyAdmit(work, message)
    case 'seal-statement':
      return applySealStatement(work, message)
    case 'reveal-statement':
      return applyRevealStatement(work, message)
    case 'stream':
      return applyStream(work, message)
    case 'resolve':
      return applyResolve(work, message)
    case 'assert':
      return applyAssert(work, message)
    case 'dispute':
      return applyDispute(work, message)
    case 'seal-verdict':
      return applySealVerdict(work, message)
    case 'reveal-verdict':
      return applyRevealVerdict(work, message)
  }
}
