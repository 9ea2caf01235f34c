import type { Cid } from '../codec/cid.ts'
import type { AgentId } from '../identity/agent-id.ts'
import type { Block, Certificate, Header } from '../message/consensus.ts'
import { askSync, want } from './ask.ts'
import { blockIdOf } from './block.ts'
import { type Draft, noteSeen, persistBlock, roundsInOrder } from './draft.ts'
import type { KnownBlock, Outcome } from './state.ts'
import { checkValidatorSet } from './validators.ts'

/** Missing ancestors beyond which final blocks are asked for rather than single bodies. [CON-16] */
const SYNC_DEPTH = 8

/** Takes in a block whose body is that of its header. Whether it is valid, {@link executeBlocks} finds out. */
export function addBlock<State>(draft: Draft<State>, block: Block): Cid {
  const id = blockIdOf(block.header)
  draft.wanted.delete(id)
  if (draft.blocks.has(id) || id === draft.fields.final.id) return id
  noteSeen(draft, id)
  draft.blocks.set(id, { id, block, outcome: { kind: 'waiting' }, isPersisted: false })
  draft.isChanged = true
  if (isCertified(draft, id)) persistBlock(draft, id)
  return id
}

/** Executes every block whose parent is executed, parents first. [CON-8] */
export function executeBlocks<State>(draft: Draft<State>): void {
  const waiting = [...draft.blocks.values()]
    .filter(({ outcome }) => outcome.kind === 'waiting')
    .toSorted((a, b) => a.block.header.height - b.block.header.height)
  for (const known of waiting) {
    const outcome = executeBlock(draft, known)
    if (outcome.kind === 'waiting') continue
    const current = draft.blocks.get(known.id) ?? known
    draft.blocks.set(known.id, { ...current, outcome })
    draft.isChanged = true
  }
}

/** Whether a quorum stands behind the block. */
export function isCertified<State>(draft: Draft<State>, id: Cid): boolean {
  return [...draft.rounds.values()].some(
    ({ notarization, finalization }) => notarization?.block === id || finalization?.block === id,
  )
}

interface Parent<State> {
  readonly height: number
  readonly view: number
  readonly isEnd: boolean
  readonly post: State
}

function executeBlock<State>(draft: Draft<State>, { block }: KnownBlock<State>): Outcome<State> {
  const { header } = block
  const parent = findParent(draft, header)
  if ('kind' in parent) {
    if (parent.kind === 'waiting') wantParent(draft, block)
    return parent
  }
  const code = checkHeader(header, parent)
  if (code !== null) return { kind: 'invalid', code }
  const executed = draft.context.application.process(parent.post, header, block.transactions)
  if (!executed.ok) return { kind: 'invalid', code: executed.error.code }
  return { kind: 'valid', post: executed.value }
}

/** The executed parent of a block; what becomes of the block where there is none. */
function findParent<State>(draft: Draft<State>, header: Header): Parent<State> | Outcome<State> {
  const { final } = draft.fields
  if (header.parent === final.id) {
    return { height: final.height, view: final.view ?? -1, isEnd: false, post: final.state }
  }
  if (header.height <= final.height + 1) return { kind: 'invalid', code: 'conflicts-with-final' }
  const known = draft.blocks.get(header.parent)
  if (known === undefined || known.outcome.kind === 'waiting') return { kind: 'waiting' }
  if (known.outcome.kind === 'invalid') return { kind: 'invalid', code: 'invalid-parent' }
  const { height, view, nextSet } = known.block.header
  return { height, view, isEnd: nextSet !== null, post: known.outcome.post }
}

/** What the header must be for its parent. [CON-6] */
function checkHeader(header: Header, parent: Parent<unknown>): string | null {
  if (header.height !== parent.height + 1) return 'wrong-height'
  if (header.view <= parent.view) return 'wrong-view'
  // [CON-12] Nothing follows the last block of an epoch within that epoch: it is proposed again until it is final.
  if (parent.isEnd) return 'after-epoch-end'
  if (header.nextSet === null) return null
  const set = checkValidatorSet(header.nextSet)
  return set.ok ? null : set.error.code
}

function wantParent<State>(draft: Draft<State>, { header, ancestry }: Block): void {
  if (draft.blocks.has(header.parent)) return
  if (header.height > draft.fields.final.height + SYNC_DEPTH) askSync(draft, null)
  const [notarization] = ancestry
  const holders = notarization === undefined ? [] : signersOf(draft, notarization)
  want(draft, header.parent, { view: header.view, holders })
}

/** Asks for the bodies that we lack of blocks that a quorum stands behind, and of what is on offer in our view or the next. [CON-14] */
export function wantMissing<State>(draft: Draft<State>): void {
  const { view, final } = draft.fields
  for (const round of roundsInOrder(draft)) {
    if (round.view <= (final.view ?? -1)) continue
    for (const certificate of [round.finalization, round.notarization]) {
      if (certificate === null || certificate.block === null) continue
      const holders = signersOf(draft, certificate)
      want(draft, certificate.block, { view: round.view, holders })
    }
    if (round.view < view || round.view > view + 1) continue
    for (const { id, standing } of round.offers) {
      if (standing === 'bad') continue
      want(draft, id, { view: round.view, holders: [round.leader] })
    }
  }
}

function signersOf<State>(draft: Draft<State>, certificate: Certificate): readonly AgentId[] {
  const { set } = draft.fields.schedule.electorate
  return certificate.signers.flatMap((signer) => set[signer]?.agent ?? [])
}
