import { encode } from '../codec/cbor.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { present } from '../invariant.ts'
import type { Certificate, Vote } from '../message/consensus.ts'
import { openAs, type Verified } from '../message/envelope.ts'
import {
  areEqualBytes,
  type Ballot,
  createCertificate,
  createVote,
  type IsKnown,
  signaturesOf,
} from './certificate.ts'
import {
  type Draft,
  emit,
  isVoter,
  noteSeen,
  persistBlock,
  putRound,
  record,
  roundOf,
} from './draft.ts'
import { offenceOf } from './evidence.ts'
import type { Pile, Round } from './state.ts'
import { hasQuorum } from './validators.ts'
import { enterView } from './view.ts'

/** Different blocks for which one validator's votes of one kind are counted in a view: two are evidence. [CON-15] */
const BALLOTS_MAX = 2

/** Counts a vote whose signature is checked; a quorum becomes a certificate. Says what happened to it. [CON-8] */
export function countVote<State>(
  draft: Draft<State>,
  ballot: Ballot,
  author: AgentId,
  signature: Uint8Array,
): 'counted' | 'duplicate' | 'contradicts-own-vote' {
  const round = roundOf(draft, ballot.view)
  if (round.piles.get(keyOf(ballot))?.signatures.has(author) === true) return 'duplicate'
  const same = pilesOf(round, author).filter((pile) => pile.ballot.kind === ballot.kind)
  if (same.length >= BALLOTS_MAX) return 'contradicts-own-vote'
  const pile = addToPile(draft, ballot, [[author, signature]])
  const { electorate } = draft.fields.schedule
  if (
    hasQuorum(pile.stakeMicro, electorate.totalMicro) &&
    findCertificate(draft, ballot) === null
  ) {
    const certificate = createCertificate(ballot, pile.signatures, electorate)
    keepCertificate(draft, certificate)
    tell(draft, certificate)
  }
  draft.isChanged = true
  return 'counted'
}

/** Takes a certificate that was verified: its votes count, and it is kept. [CON-8] */
export function absorb<State>(draft: Draft<State>, certificate: Certificate): void {
  const known = findCertificate(draft, certificate)
  if (known === certificate) return
  addToPile(draft, certificate, signaturesOf(certificate, draft.fields.schedule.electorate))
  keepCertificate(draft, certificate)
}

/** The certificate that we hold for this ballot. */
export function findCertificate<State>(draft: Draft<State>, ballot: Ballot): Certificate | null {
  const round = draft.rounds.get(ballot.view)
  if (round === undefined) return null
  const held = {
    notarize: round.notarization,
    nullify: round.nullification,
    finalize: round.finalization,
  }
  const certificate = held[ballot.kind]
  return certificate?.block === ballot.block ? certificate : null
}

/** The envelope of the first vote of this kind that an author cast in a round, as it sent it. */
export function findVote(round: Round, kind: Ballot['kind'], author: AgentId): Uint8Array | null {
  const pile = pilesOf(round, author).find(({ ballot }) => ballot.kind === kind)
  const signature = pile?.signatures.get(author)
  return pile === undefined || signature === undefined
    ? null
    : envelopeOf({ ballot: pile.ballot, author, signature })
}

/** Whether we counted this very vote before, so that its signature need not be checked again. */
export function knownVotes<State>(draft: Draft<State>, ballot: Ballot): IsKnown {
  const pile = draft.rounds.get(ballot.view)?.piles.get(keyOf(ballot))
  return (agent, signature) => {
    const known = pile?.signatures.get(agent)
    return known !== undefined && areEqualBytes(known, signature)
  }
}

/** Keeps the first certificate of its kind and view: on disk, with all that follows from it. [CON-8] */
function keepCertificate<State>(draft: Draft<State>, certificate: Certificate): void {
  const { kind, view, block } = certificate
  const round = roundOf(draft, view)
  switch (kind) {
    case 'notarize':
      if (round.notarization !== null) return
      putRound(draft, view, { notarization: certificate })
      break
    case 'nullify':
      if (round.nullification !== null) return
      putRound(draft, view, { nullification: certificate })
      break
    case 'finalize':
      if (round.finalization !== null) return
      putRound(draft, view, { finalization: certificate })
      break
  }
  draft.isChanged = true
  record(draft, { kind: 'certificate', certificate })
  if (block !== null) {
    noteSeen(draft, block)
    raiseTip(draft, certificate)
    persistBlock(draft, block)
  }
  enterView(draft, view + 1)
}

function raiseTip<State>(draft: Draft<State>, certificate: Certificate): void {
  const { tip } = draft.fields
  const { kind, view, block } = certificate
  if (block === null || view < tip.view) return
  const notarization = kind === 'notarize' ? certificate : null
  if (view === tip.view && (block !== tip.id || tip.notarization !== null)) return
  draft.fields = { ...draft.fields, tip: { id: block, view, notarization } }
}

/**
 * Passes on a certificate that we put together: a nullification to everyone, since a view without a block has nothing else to tell
 * them; a notarization to those whose vote is not in it, who may have missed the proposal. [CON-13]
 */
function tell<State>(draft: Draft<State>, certificate: Certificate): void {
  if (!isVoter(draft) || certificate.kind === 'finalize') return
  const frame = { kind: 'certificate', certificate } as const
  if (certificate.kind === 'nullify') {
    emit(draft, { kind: 'send', to: null, frame })
    return
  }
  const signers = new Set(certificate.signers)
  for (const [index, { agent }] of draft.fields.schedule.electorate.set.entries()) {
    if (signers.has(index) || agent === draft.context.self) continue
    emit(draft, { kind: 'send', to: agent, frame })
  }
}

function addToPile<State>(
  draft: Draft<State>,
  { kind, epoch, view, block }: Ballot,
  votes: readonly (readonly [AgentId, Uint8Array])[],
): Pile {
  const ballot = { kind, epoch, view, block }
  const round = roundOf(draft, view)
  const { set, indexOf } = draft.fields.schedule.electorate
  const old = round.piles.get(keyOf(ballot))
  const signatures = new Map(old?.signatures)
  let stakeMicro = old?.stakeMicro ?? 0n
  for (const [author, signature] of votes) {
    if (signatures.has(author)) continue
    for (const other of pilesOf(round, author))
      reportVotes(draft, other, { ballot, author, signature })
    signatures.set(author, signature)
    stakeMicro += set[indexOf.get(author) ?? -1]?.stakeMicro ?? 0n
  }
  const pile = { ballot, stakeMicro, signatures }
  putRound(draft, view, { piles: new Map(round.piles).set(keyOf(ballot), pile) })
  return pile
}

function keyOf({ kind, block }: Ballot): string {
  return `${kind}/${block ?? ''}`
}

function pilesOf(round: Round, author: AgentId): readonly Pile[] {
  return [...round.piles.values()].filter(({ signatures }) => signatures.has(author))
}

interface Signed {
  readonly ballot: Ballot
  readonly author: AgentId
  readonly signature: Uint8Array
}

/** Shows two votes that contradict each other to whoever slashes, once for an offender and offence. [CON-11] */
function reportVotes<State>(draft: Draft<State>, other: Pile, vote: Signed): void {
  const { author } = vote
  const offence = offenceOf(other.ballot, vote.ballot)
  const signature = other.signatures.get(author)
  if (offence === null || signature === undefined) return
  const key = `${author}/${offence}` as const
  if (draft.reported.has(key)) return
  draft.reported.add(key)
  const first = rebuildVote(draft, { ballot: other.ballot, author, signature })
  const second = rebuildVote(draft, vote)
  emit(draft, { kind: 'evidence', evidence: { first, second } })
}

/** A vote of which we kept the signature, as its author sent it. */
function rebuildVote<State>(draft: Draft<State>, vote: Signed): Verified<Vote> {
  const opened = openAs<Vote>(envelopeOf(vote), [vote.ballot.kind], draft.context)
  return present(opened.ok ? opened.value : null, 'a vote that was counted has a good signature')
}

function envelopeOf({ ballot, author, signature }: Signed): Uint8Array {
  return encode({ payload: encode(createVote(ballot, author)), signature })
}
