import type { Proposal, Vote } from '../message/consensus.ts'
import { openAs, type Verified } from '../message/envelope.ts'
import { act, conclude } from './act.ts'
import { blockIdOf } from './block.ts'
import { ballotOf } from './certificate.ts'
import { absorb, countVote } from './count.ts'
import {
  checkParameters,
  closeDraft,
  type Draft,
  noteSeen,
  openDraft,
  putRound,
  roundOf,
} from './draft.ts'
import type { ConsensusRecord } from './effect.ts'
import { createState, type SimplexStep, type StartPoint } from './simplex.ts'
import type { ConsensusContext } from './state.ts'
import { computeDeadline, endVotesOf, enterView } from './view.ts'

export interface RestorePoint<State> extends StartPoint<State> {
  /** The journal, in the order in which it was written. What is older than `final` is passed over. */
  readonly records: readonly ConsensusRecord[]
}

/**
 * Goes on after a restart: in the view it was in, with its votes, certificates and blocks, so that it never contradicts
 * itself. It says again at once what it said there, since it may have stopped between disk and wire. [CON-17] [CON-W]
 *
 * What the journal proves to be final beyond `final` comes out again as `final` effects.
 */
export function restore<State>(
  context: ConsensusContext<State>,
  point: RestorePoint<State>,
  nowMs: number,
): SimplexStep<State> {
  checkParameters(context)
  const draft = openDraft(createState(context, point, nowMs), context, nowMs)
  const signed = openOwn(draft, point.records)
  let epoch: number
  do {
    epoch = draft.fields.epoch
    install(draft, point.records, signed)
    // Nothing is signed before all that was signed in this epoch is back.
    do {
      draft.isChanged = false
      conclude(draft)
    } while (draft.isChanged && draft.fields.epoch === epoch)
  } while (draft.fields.epoch !== epoch)
  draft.records = []
  const endRetryAtMs = endVotesOf(draft).length > 0 ? nowMs : null
  draft.fields = { ...draft.fields, retryAtMs: nowMs, endRetryAtMs }
  act(draft)
  return { ...closeDraft(draft, computeDeadline(draft)), refusal: null }
}

type Own = Verified<Vote | Proposal>

function openOwn<State>(
  { context }: Draft<State>,
  records: readonly ConsensusRecord[],
): readonly Own[] {
  return records.flatMap((entry) => {
    if (entry.kind !== 'signed') return []
    const kinds = ['proposal', 'notarize', 'nullify', 'finalize'] as const
    const opened = openAs<Vote | Proposal>(entry.envelope, kinds, context)
    return opened.ok && opened.value.message.author === context.self ? [opened.value] : []
  })
}

/** Puts back what belongs to the epoch: blocks, what a quorum said of them, what we said ourselves. */
function install<State>(
  draft: Draft<State>,
  records: readonly ConsensusRecord[],
  signed: readonly Own[],
): void {
  const { epoch, final } = draft.fields
  for (const entry of records) {
    if (entry.kind !== 'block') continue
    const { id, block } = entry
    if (block.header.epoch !== epoch || block.header.height <= final.height) continue
    noteSeen(draft, id)
    draft.blocks.set(id, { id, block, outcome: { kind: 'waiting' }, isPersisted: true })
  }
  for (const entry of records) {
    if (entry.kind !== 'certificate' || entry.certificate.epoch !== epoch) continue
    absorb(draft, entry.certificate)
  }
  for (const { message, ...verified } of signed) {
    if (message.epoch !== epoch) continue
    if (message.kind === 'proposal') installProposal(draft, { ...verified, message })
    else installVote(draft, { ...verified, message })
  }
}

function installVote<State>(draft: Draft<State>, signed: Verified<Vote>): void {
  const { kind, view, author } = signed.message
  const { own } = roundOf(draft, view)
  putRound(draft, view, { own: { ...own, [kind]: signed } })
  countVote(draft, ballotOf(signed.message), author, signed.signature)
  enterView(draft, kind === 'finalize' ? view + 1 : view)
}

function installProposal<State>(draft: Draft<State>, signed: Verified<Proposal>): void {
  const { view, header, justification } = signed.message
  const { own, offers } = roundOf(draft, view)
  const id = blockIdOf(header)
  const offer = { id, header, justification, standing: 'good' } as const
  putRound(draft, view, { own: { ...own, proposal: signed }, offers: [...offers, offer] })
  noteSeen(draft, id)
  enterView(draft, view)
}
