import type { Vote } from '../message/consensus.ts'
import { seal } from '../message/envelope.ts'
import { type Ballot, ballotOf, createVote } from './certificate.ts'
import { countVote, findVote } from './count.ts'
import {
  type Draft,
  emit,
  isVoter,
  persistBlock,
  putRound,
  record,
  roundOf,
  roundsInOrder,
} from './draft.ts'
import { isFaultyOffer } from './offer.ts'
import type { Offer, Round } from './state.ts'
import { timersOf, votableAtMs } from './view.ts'

/** Casts every vote that the table calls for at this instant. [CON-8] */
export function vote<State>(draft: Draft<State>): void {
  if (!isVoter(draft)) return
  const { view } = draft.fields
  for (const { id } of roundOf(draft, view).offers) voteNotarize(draft, view, id)
  if (draft.fields.view === view) voteNullify(draft, view)
  for (const round of roundsInOrder(draft)) voteFinalize(draft, round.view)
}

/** `notarize(v, b)` for the leader's first valid proposal. [CON-8] */
function voteNotarize<State>(draft: Draft<State>, view: number, id: Offer['id']): void {
  const round = roundOf(draft, view)
  // [CON-N] One `notarize` a view.
  if (round.own.notarize !== null) return
  const offer = round.offers.find((candidate) => candidate.id === id)
  if (draft.fields.view !== view || offer?.standing !== 'good') return
  if (draft.blocks.get(id)?.outcome.kind !== 'valid') return
  // [CON-7] Not before the parent is a block interval old.
  if (draft.nowMs < votableAtMs(draft, round, id)) return
  persistBlock(draft, id)
  cast(draft, { kind: 'notarize', epoch: draft.fields.epoch, view, block: id })
}

/** `nullify(v)` when a timer fired, or the leader proposed what must be refused. [CON-8] */
function voteNullify<State>(draft: Draft<State>, view: number): void {
  const round = roundOf(draft, view)
  if (round.own.nullify !== null) return
  // [CON-X] Never both `nullify` and `finalize` in one view.
  if (round.own.finalize !== null) return
  if (!isHopeless(draft, round)) return
  cast(draft, { kind: 'nullify', epoch: draft.fields.epoch, view, block: null })
  passOn(draft, round)
}

/** What the leader of a view that we give up told us it votes for: others may hold it for another block. [CON-19] */
function passOn<State>(draft: Draft<State>, { leader, view }: Round): void {
  if (leader === draft.context.self) return
  const envelope = findVote(roundOf(draft, view), 'notarize', leader)
  if (envelope !== null) emit(draft, { kind: 'publish', topic: 'consensus', envelope })
}

/** `finalize(v, b)` once v notarized b. [CON-8] */
function voteFinalize<State>(draft: Draft<State>, view: number): void {
  if (view <= (draft.fields.final.view ?? -1)) return
  const round = roundOf(draft, view)
  // [CON-F] One `finalize` a view …
  if (round.own.finalize !== null) return
  // [CON-F] … and only for what the view notarized.
  const block = round.notarization?.block ?? null
  // [CON-X] Never both `nullify` and `finalize` in one view.
  if (round.own.nullify !== null) return
  if (block === null) return
  cast(draft, { kind: 'finalize', epoch: draft.fields.epoch, view, block })
}

/** Whether a timer of the view fired, or all that its leader proposed must be refused. [CON-7] [CON-8] */
function isHopeless<State>(draft: Draft<State>, round: Round): boolean {
  const { leaderAtMs, viewAtMs } = timersOf(draft)
  if (draft.nowMs >= viewAtMs) return true
  if (round.offers.length === 0) return draft.nowMs >= leaderAtMs
  return round.own.notarize === null && round.offers.every((offer) => isFaultyOffer(draft, offer))
}

function cast<State>(draft: Draft<State>, ballot: Ballot): void {
  const { signer, self, networkId } = draft.context
  if (signer === null) return
  const signed = seal<Vote>(createVote(ballot, self), networkId, signer)
  record(draft, { kind: 'signed', envelope: signed.envelope })
  emit(draft, { kind: 'publish', topic: 'consensus', envelope: signed.envelope })
  const { own } = roundOf(draft, ballot.view)
  putRound(draft, ballot.view, { own: { ...own, [ballot.kind]: signed } })
  countVote(draft, ballotOf(signed.message), self, signed.signature)
}
