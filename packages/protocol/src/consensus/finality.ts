import { present } from '../invariant.ts'
import type { Certificate, ValidatorSet } from '../message/consensus.ts'
import { type Draft, emit, persistBlock, putRound, roundsInOrder, seenAtOf } from './draft.ts'
import { createSchedule } from './leader.ts'
import type { KnownBlock } from './state.ts'
import { checkValidatorSet } from './validators.ts'

/** Views behind the last final one whose votes are kept, so that late contradictions are found. [CON-15] */
export const EVIDENCE_VIEWS = 8

/** Makes final what a quorum finalized and we executed, however late the quorum came. [CON-10] */
export function settle<State>(draft: Draft<State>): void {
  for (const round of roundsInOrder(draft).toReversed()) {
    // [CON-10] A notarized block may yet be left behind. [CON-ROOT] The more so b_e, on which the next epoch stands: others
    // may have nullified its view.
    const certificate = round.finalization
    if (certificate === null || certificate.block === null) continue
    const known = draft.blocks.get(certificate.block)
    if (known?.outcome.kind === 'valid' && makeFinal(draft, known, certificate)) return
  }
}

/** Makes a block and its ancestors final; false where it does not continue what is final. [CON-10] */
function makeFinal<State>(
  draft: Draft<State>,
  last: KnownBlock<State>,
  certificate: Certificate,
): boolean {
  const chain = chainTo(draft, last)
  if (chain === null) return false
  for (const { id } of chain) persistBlock(draft, id)
  const blocks = chain.flatMap(({ id, block, outcome }) =>
    outcome.kind === 'valid' ? [{ id, block, post: outcome.post }] : [],
  )
  emit(draft, { kind: 'final', blocks, certificate })
  const { id, block } = last
  const { height, view, nextSet } = block.header
  const seenAtMs = seenAtOf(draft, id)
  const { post } = present(blocks.at(-1), 'the chain ends in a valid block')
  const final = { id, height, view, state: post, seenAtMs, certificate }
  draft.fields = { ...draft.fields, final }
  draft.isChanged = true
  if (nextSet === null) prune(draft)
  else beginEpoch(draft, nextSet)
  return true
}

/** The blocks from the one behind the last final block to this one, oldest first. */
function chainTo<State>(
  draft: Draft<State>,
  last: KnownBlock<State>,
): readonly KnownBlock<State>[] | null {
  const chain: KnownBlock<State>[] = []
  let known: KnownBlock<State> | undefined = last
  while (known !== undefined) {
    chain.push(known)
    const { parent } = known.block.header
    if (parent === draft.fields.final.id) return chain.toReversed()
    known = draft.blocks.get(parent)
  }
  return null
}

/** Forgets what cannot become final any more, and votes of long ago. [CON-15] */
function prune<State>(draft: Draft<State>): void {
  const { final } = draft.fields
  const finalView = final.view ?? -1
  for (const view of draft.rounds.keys()) {
    if (view < finalView - EVIDENCE_VIEWS) draft.rounds.delete(view)
    else if (view <= finalView) putRound(draft, view, { offers: [] })
  }
  const before = new Set(draft.blocks.keys())
  const ascending = [...draft.blocks.values()].toSorted(
    (a, b) => a.block.header.height - b.block.header.height,
  )
  for (const { id, block } of ascending) {
    const { parent, height } = block.header
    const isChild = parent === final.id || draft.blocks.has(parent)
    const isOrphan = !before.has(parent) && height > final.height + 1
    if (height <= final.height || !(isChild || isOrphan)) draft.blocks.delete(id)
  }
  for (const [id, { view }] of draft.wanted) if (view <= finalView) draft.wanted.delete(id)
  const { tip } = draft.fields
  if (tip.view < finalView) {
    const notarization = draft.rounds.get(finalView)?.notarization ?? null
    draft.fields = { ...draft.fields, tip: { id: final.id, view: finalView, notarization } }
  }
  const offered = new Set(roundsInOrder(draft).flatMap(({ offers }) => offers.map(({ id }) => id)))
  for (const id of draft.seenAtMs.keys()) {
    const isKept = draft.blocks.has(id) || draft.wanted.has(id) || offered.has(id)
    if (!isKept && id !== draft.fields.tip.id) draft.seenAtMs.delete(id)
  }
}

/** Starts the next epoch on its root, b_e, which is final: its set is the one that b_e names. [CON-12] */
function beginEpoch<State>(draft: Draft<State>, nextSet: ValidatorSet): void {
  const { fields, context, nowMs } = draft
  const { final } = fields
  const checked = checkValidatorSet(nextSet)
  const electorate = present(checked.ok ? checked.value : null, 'a valid block names a valid set')
  const epoch = fields.epoch + 1
  for (const map of [draft.rounds, draft.blocks, draft.seenAtMs, draft.wanted]) map.clear()
  draft.answeredAtMs.clear()
  draft.reported.clear()
  draft.fields = {
    ...fields,
    epoch,
    schedule: createSchedule(electorate, context.application.epochSeed(final.state)),
    root: final.id,
    final: { ...final, view: null },
    tip: { id: final.id, view: -1, notarization: null },
    view: 0,
    enteredAtMs: nowMs,
    rootCertificate: final.certificate,
    previousElectorate: fields.schedule.electorate,
    early: fields.early.filter(({ message }) => message.epoch >= epoch),
    laggingSinceMs: null,
    retryCount: 0,
    retryAtMs:
      Math.max(nowMs, final.seenAtMs + context.parameters.blockIntervalMs) +
      context.parameters.retryMs,
    endRetryAtMs: null,
  }
  putRound(draft, 0, {})
}
