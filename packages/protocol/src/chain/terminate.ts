import type { AgentId } from '../identity/agent-id.ts'
import { openAs } from '../message/envelope.ts'
import type { Consent } from '../message/negotiation.ts'
import { ignore, ok, type Result, reject } from '../result.ts'
import type { AgreementCode } from './agreement.ts'
import { endBefore } from './agreement-end.ts'
import { headOf } from './head.ts'
import { agreements, boundPartiesOf, runs } from './instance.ts'
import type { TransactionOf, Work } from './work.ts'

/** Ends an agreement before its time, with the consent of the quorum that its terms name. [AGR-8] */
export function applyTerminate(
  work: Work,
  tx: TransactionOf<'terminate'>,
): Result<void, AgreementCode> {
  const agreement = agreements.find(work.ledger, tx.agreement)
  const run = agreement === undefined ? undefined : runs.find(work.ledger, agreement.subnet)
  if (agreement === undefined || run === undefined) {
    return ignore('unknown-agreement', { agreement: tx.agreement })
  }
  const { phase, height, epoch } = headOf(work.ledger)
  const isBound = new Set(boundPartiesOf(agreement, run))
  const consenting = new Set<AgentId>()
  for (const envelope of tx.consents) {
    const opened = openAs<Consent>(envelope, ['consent'], work.context)
    if (!opened.ok) return reject('bad-acceptance', { why: opened.error.code })
    const consent = opened.value.message
    if (consent.agreement !== tx.agreement) return reject('wrong-terms')
    if (!isBound.has(consent.author)) return ignore('not-a-party', { author: consent.author })
    if (consent.expiresAtHeight <= height) return ignore('acceptance-expired')
    consenting.add(consent.author)
  }
  if (consenting.size < agreement.terms.quorum) {
    return ignore('no-quorum', { given: consenting.size, quorum: agreement.terms.quorum })
  }
  // [AGR-8] A law that is frozen for this round still governs it.
  endBefore(work, tx.agreement, phase === 'negotiate' ? epoch : epoch + 1, 'terminated')
  return ok(undefined)
}
