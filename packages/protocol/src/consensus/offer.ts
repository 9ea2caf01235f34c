import type { Cid } from '../codec/cid.ts'
import { type Block, PROPOSAL_BODY_INLINE_MAX, type Proposal } from '../message/consensus.ts'
import type { Verified } from '../message/envelope.ts'
import { ignore, reject } from '../result.ts'
import { checkAncestry } from './ancestry.ts'
import { answer } from './ask.ts'
import { blockIdOf, checkBlockBody } from './block.ts'
import type { Refusal } from './code.ts'
import { absorb } from './count.ts'
import { type Draft, noteSeen, putRound, roundOf, roundsInOrder } from './draft.ts'
import { addBlock, executeBlocks, isCertified } from './execute.ts'
import { leaderOf } from './leader.ts'
import { checkPlace, isLate } from './place.ts'
import type { Offer } from './state.ts'
import { checkValidatorSet } from './validators.ts'

/** Different proposals that are kept of one view. [CON-15] */
const OFFERS_MAX = 2

/** Takes a leader's proposal: keeps it, fetches its body, checks what it stands on, executes it. [CON-8] */
export function takeProposal<State>(
  draft: Draft<State>,
  { message: proposal, ...verified }: Verified<Proposal>,
): Refusal {
  const place = checkPlace(draft, { message: proposal, ...verified })
  if (place !== null) return place
  const { author, view, header, body } = proposal
  const id = blockIdOf(header)
  const refusal = checkProposal(draft, proposal)
  if (refusal !== null) return refusal
  if (body !== null) {
    const checked = checkBlockBody(header, body)
    if (!checked.ok) return checked.error
  }
  const block: Block | null = body === null ? null : { header, ...body }
  if (view < draft.fields.view) {
    if (block !== null && draft.wanted.has(id)) addBlock(draft, block)
    if (isLate(draft)) answer(draft, author, view)
    return ignore('old-view', { view }).error
  }
  const { offers } = roundOf(draft, view)
  if (offers.some((offer) => offer.id === id)) {
    if (block === null || draft.blocks.has(id)) return ignore('duplicate').error
  } else {
    if (offers.length >= OFFERS_MAX) return ignore('too-many-proposals', { view }).error
    const { justification } = proposal
    const offer: Offer = { id, header, justification, standing: 'unchecked' }
    putRound(draft, view, { offers: [...offers, offer] })
    noteSeen(draft, id)
    draft.isChanged = true
  }
  if (block !== null) addBlock(draft, block)
  const standing = examineOffer(draft, view, id)
  if (standing !== null) return standing
  executeBlocks(draft)
  return refusalOf(draft, id)
}

/** What a proposal says of itself, against the epoch's schedule: no certificate and no state is looked at. [CON-9] */
function checkProposal<State>(draft: Draft<State>, proposal: Proposal): Refusal {
  const { author, epoch, view, header, justification } = proposal
  const { schedule } = draft.fields
  if (author !== roundOf(draft, view).leader) return reject('wrong-leader', { view }).error
  if (header.epoch !== epoch || header.view > view) {
    return reject('wrong-header', { epoch: header.epoch, view: header.view }).error
  }
  const isAgain = header.view < view
  if (header.proposer !== (isAgain ? leaderOf(schedule, header.view) : author)) {
    return reject('wrong-header', { proposer: header.proposer }).error
  }
  // [CON-12] Only the last block of an epoch is proposed again.
  if (isAgain && header.nextSet === null) return reject('wrong-header', { view: header.view }).error
  if (isAgain !== justification.length > 0) return reject('wrong-justification').error
  if (header.nextSet === null) return null
  const set = checkValidatorSet(header.nextSet)
  return set.ok ? null : set.error
}

/** Checks what the proposals stand on whose bodies came since. [CON-9] */
export function examineOffers<State>(draft: Draft<State>): void {
  for (const { view, offers } of roundsInOrder(draft)) {
    for (const { id, standing } of offers) {
      if (standing === 'unchecked') examineOffer(draft, view, id)
    }
  }
}

/** Checks the certificates that a proposal stands on, once they are here, and learns from them. [CON-9] */
function examineOffer<State>(draft: Draft<State>, view: number, id: Cid): Refusal {
  const offer = roundOf(draft, view).offers.find((candidate) => candidate.id === id)
  if (offer?.standing !== 'unchecked') return null
  const isAgain = offer.header.view < view
  const block = isAgain ? id : offer.header.parent
  const certificates = isAgain ? offer.justification : draft.blocks.get(id)?.block.ancestry
  if (certificates === undefined) return null
  const refusal = checkAncestry(draft, { block, view }, certificates)
  // [CON-A] A voter votes only for what stands on checked certificates: a notarized parent, each view between nullified.
  const standing = refusal === null ? 'good' : 'bad'
  const { offers } = roundOf(draft, view)
  const examined = offers.map((other): Offer => (other === offer ? { ...other, standing } : other))
  putRound(draft, view, { offers: examined })
  draft.isChanged = true
  if (refusal === null) for (const certificate of certificates) absorb(draft, certificate)
  if (standing === 'bad' && !isAgain && !isCertified(draft, id)) draft.blocks.delete(id)
  return refusal
}

/** What the transport is told of a proposal that stands well: relayed unless its block is invalid, or may be. */
function refusalOf<State>(draft: Draft<State>, id: Cid): Refusal {
  const known = draft.blocks.get(id)
  if (known === undefined) return null
  const { outcome } = known
  if (outcome.kind === 'waiting') return ignore('unknown-parent').error
  if (outcome.kind === 'invalid') return reject('invalid-block', { reason: outcome.code }).error
  return null
}

/** Whether a body of this size travels with its header. [CON-14] */
export function isInline(size: number): boolean {
  return size <= PROPOSAL_BODY_INLINE_MAX
}

/** The block that a leader offers in this view is one that a voter must refuse. [CON-8] */
export function isFaultyOffer<State>(draft: Draft<State>, offer: Offer): boolean {
  return offer.standing === 'bad' || draft.blocks.get(offer.id)?.outcome.kind === 'invalid'
}
