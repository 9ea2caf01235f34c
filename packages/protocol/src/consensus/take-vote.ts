import type { AgentId } from '../identity/agent-id.ts'
import type { Certificate, Vote } from '../message/consensus.ts'
import type { Verified } from '../message/envelope.ts'
import { ignore, reject } from '../result.ts'
import { answer } from './ask.ts'
import { ballotOf, verifyCertificate } from './certificate.ts'
import type { Refusal } from './code.ts'
import { absorb, countVote, findCertificate, knownVotes } from './count.ts'
import type { Draft } from './draft.ts'
import { EVIDENCE_VIEWS } from './finality.ts'
import { checkPlace, isLate, noteFutureEpoch } from './place.ts'

/** Takes a validator's vote. [CON-8] */
export function takeVote<State>(draft: Draft<State>, verified: Verified<Vote>): Refusal {
  const place = checkPlace(draft, verified)
  if (place !== null) return place
  const { message, signature } = verified
  const { author, kind, view } = message
  if (!draft.fields.schedule.electorate.indexOf.has(author)) {
    return reject('not-validator', { author }).error
  }
  // Who finalizes in a view has left it.
  const isBehind = kind !== 'finalize' && view < draft.fields.view
  if (view < oldestView(draft)) {
    if (isBehind) answer(draft, author, view)
    return ignore('old-view', { view }).error
  }
  const count = countVote(draft, ballotOf(message), author, signature)
  // A vote that comes again was sent again: its author is still there.
  if (isBehind && (count === 'duplicate' || isLate(draft))) answer(draft, author, view)
  return count === 'counted' ? null : ignore(count, { view }).error
}

/** Takes a certificate that came by itself, directly from a peer. [CON-5] */
export function takeCertificate<State>(
  draft: Draft<State>,
  certificate: Certificate,
  from: AgentId | null,
): Refusal {
  const { epoch, view } = certificate
  if (epoch < draft.fields.epoch) {
    if (from !== null) answer(draft, from, null)
    return ignore('old-epoch', { epoch }).error
  }
  if (epoch > draft.fields.epoch) {
    noteFutureEpoch(draft, epoch)
    return ignore('future-epoch', { epoch }).error
  }
  if (view < (draft.fields.final.view ?? 0) - EVIDENCE_VIEWS) {
    return ignore('old-view', { view }).error
  }
  if (findCertificate(draft, certificate) !== null) return ignore('duplicate', { view }).error
  const { electorate } = draft.fields.schedule
  const isKnown = knownVotes(draft, certificate)
  const checked = verifyCertificate(certificate, electorate, draft.context, isKnown)
  if (!checked.ok) return checked.error
  absorb(draft, certificate)
  return null
}

/** Votes of views before this one are not counted. [CON-15] */
function oldestView<State>(draft: Draft<State>): number {
  const { final, view } = draft.fields
  return Math.max((final.view ?? 0) - EVIDENCE_VIEWS, view - draft.context.parameters.viewGapMax)
}
