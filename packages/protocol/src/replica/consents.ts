import { headOf } from '../chain/head.ts'
import { agreements } from '../chain/instance.ts'
import type { Cid } from '../codec/cid.ts'
import type { Verified } from '../message/envelope.ts'
import type { Consent } from '../message/negotiation.ts'
import { ignore, ok, type Result, reject } from '../result.ts'
import { ACCEPTANCE_HEIGHTS } from './negotiate.ts'
import { finalLedger } from './state.ts'
import { type ReplicaWork, sign, submit } from './work.ts'

export type ConsentCode =
  | 'unknown-agreement'
  | 'not-a-party'
  | 'consent-expired'
  | 'duplicate-consent'

/** Takes in a party's consent to ending an agreement; with the last one that is needed, our own among them, it is posted. [NEG-11] */
export function hearConsent(
  work: ReplicaWork,
  consented: Verified<Consent>,
): Result<void, ConsentCode> {
  const { agreement: id, author, expiresAtHeight } = consented.message
  const ledger = finalLedger(work.replica)
  const agreement = agreements.find(ledger, id)
  if (agreement === undefined) return ignore('unknown-agreement', { agreement: id })
  if (!agreement.terms.parties.includes(author)) return reject('not-a-party', { author })
  const { height } = headOf(ledger)
  if (expiresAtHeight <= height) return ignore('consent-expired', { expiresAtHeight, height })
  const before = (work.replica.consents[id] ?? []).filter(
    ({ message }) => message.expiresAtHeight > height,
  )
  if (before.some(({ message }) => message.author === author)) return ignore('duplicate-consent')
  const consents = [...before, consented]
  // What is over needs no consent any more.
  const inForce = Object.entries(work.replica.consents).filter(
    ([other]) => agreements.find(ledger, other) !== undefined,
  )
  work.replica = { ...work.replica, consents: { ...Object.fromEntries(inForce), [id]: consents } }
  const isOurs = consents.some(({ message }) => message.author === work.context.signer.agent)
  if (isOurs && consents.length === agreement.terms.quorum) {
    const envelopes = consents.map(({ envelope }) => envelope)
    submit(work, { kind: 'terminate', agreement: id, consents: envelopes })
  }
  return ok(undefined)
}

/** Our own consent to ending an agreement before its time. [NEG-11] */
export function consent(work: ReplicaWork, agreement: Cid): void {
  const ledger = finalLedger(work.replica)
  if (agreements.find(ledger, agreement) === undefined) return
  const expiresAtHeight = headOf(ledger).height + ACCEPTANCE_HEIGHTS
  const author = work.context.signer.agent
  hearConsent(work, sign(work, { kind: 'consent', author, agreement, expiresAtHeight }))
}
