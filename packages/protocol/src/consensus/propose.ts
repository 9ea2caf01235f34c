import type { Certificate, Header, Proposal } from '../message/consensus.ts'
import { seal } from '../message/envelope.ts'
import { collectAncestry } from './ancestry.ts'
import { ancestryDigestOf, blockIdOf, bodySizeOf, transactionsDigestOf } from './block.ts'
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
import { isInline } from './offer.ts'
import type { KnownBlock, Offer } from './state.ts'
import { viewStartMs } from './view.ts'

/** Proposes a block where we lead the view, its start has come and we hold what the block must stand on. [CON-8] */
export function propose<State>(draft: Draft<State>): void {
  const round = roundOf(draft, draft.fields.view)
  if (!isVoter(draft) || round.leader !== draft.context.self || round.own.proposal !== null) return
  // [CON-7] Not before the parent is a block interval old.
  if (draft.nowMs < viewStartMs(draft)) return
  const ancestry = collectAncestry(draft)
  if (ancestry === null) return
  const tip = draft.blocks.get(draft.fields.tip.id)
  // [CON-12] The last block of an epoch is proposed again, as it is, until a finalize quorum settles it.
  if (tip !== undefined && tip.block.header.nextSet !== null) publish(draft, tip, ancestry)
  else proposeNew(draft, ancestry)
}

function proposeNew<State>(draft: Draft<State>, ancestry: readonly Certificate[]): void {
  const { epoch, view } = draft.fields
  const { application, self } = draft.context
  const parent = findParent(draft)
  if (parent === null) return
  const height = parent.height + 1
  const slot = { epoch, height, view, proposer: self }
  const { transactions, post, stateDigest, nextSet } = application.prepare(parent.state, slot)
  const header: Header = {
    ...slot,
    parent: draft.fields.tip.id,
    transactionsDigest: transactionsDigestOf(transactions),
    stateDigest,
    ancestryDigest: ancestryDigestOf(ancestry),
    nextSet,
  }
  const id = blockIdOf(header)
  const block = { header, transactions, ancestry }
  const known = { id, block, outcome: { kind: 'valid', post }, isPersisted: false } as const
  draft.blocks.set(id, known)
  publish(draft, known, [])
}

function findParent<State>(
  draft: Draft<State>,
): { readonly state: State; readonly height: number } | null {
  const { tip, final } = draft.fields
  if (tip.id === final.id) return final
  const known = draft.blocks.get(tip.id)
  if (known?.outcome.kind !== 'valid') return null
  return { state: known.outcome.post, height: known.block.header.height }
}

function publish<State>(
  draft: Draft<State>,
  { id, block }: KnownBlock<State>,
  justification: readonly Certificate[],
): void {
  const { epoch, view } = draft.fields
  const { self, signer, networkId } = draft.context
  if (signer === null) return
  const { header, transactions, ancestry } = block
  const body = { transactions, ancestry }
  const proposal: Proposal = {
    kind: 'proposal',
    author: self,
    epoch,
    view,
    header,
    justification,
    // [CON-14] A large body is fetched by those who lack it.
    body: isInline(bodySizeOf(body)) ? body : null,
  }
  const signed = seal(proposal, networkId, signer)
  persistBlock(draft, id)
  record(draft, { kind: 'signed', envelope: signed.envelope })
  emit(draft, { kind: 'publish', topic: 'consensus', envelope: signed.envelope })
  const { own, offers } = roundOf(draft, view)
  const offer: Offer = { id, header, justification, standing: 'good' }
  putRound(draft, view, { own: { ...own, proposal: signed }, offers: [...offers, offer] })
  noteSeen(draft, id)
  draft.isChanged = true
}
