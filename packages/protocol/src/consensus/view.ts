import { type Draft, isVoter, putRound, roundOf, roundsInOrder, seenAtOf } from './draft.ts'
import type { Round } from './state.ts'

/** Views without a block after which timers double, and how often they do at most. [CON-7] */
const PATIENT_AFTER_VIEWS = 8
const DOUBLINGS_MAX = 10
/** A retry's pause doubles this often at most. [CON-13] */
const RETRY_DOUBLINGS_MAX = 3

/**
 * The instant from which a view's timers count: its entry, but not before the parent is a block interval old. [CON-7]
 *
 * A leader proposes no sooner.
 */
export function viewStartMs<State>(draft: Draft<State>): number {
  const { enteredAtMs, tip } = draft.fields
  const { blockIntervalMs } = draft.context.parameters
  return Math.max(enteredAtMs, seenAtOf(draft, tip.id) + blockIntervalMs)
}

/** Instants at which a voter gives up on the leader, and on the view. [CON-7] */
export function timersOf<State>(draft: Draft<State>): {
  readonly leaderAtMs: number
  readonly viewAtMs: number
} {
  const { view, tip } = draft.fields
  const { deltaMs } = draft.context.parameters
  const idleViews = view - tip.view - 1
  const doublings = Math.min(DOUBLINGS_MAX, Math.floor(idleViews / PATIENT_AFTER_VIEWS))
  const scaleMs = deltaMs * 2 ** doublings
  const startMs = viewStartMs(draft)
  return { leaderAtMs: startMs + 2 * scaleMs, viewAtMs: startMs + 3 * scaleMs }
}

/** The instant before which an honest voter does not vote for a proposal of this view. [CON-7] */
export function votableAtMs<State>(draft: Draft<State>, round: Round, id: string): number {
  const offer = round.offers.find((candidate) => candidate.id === id)
  if (offer === undefined || offer.header.view !== round.view) return draft.nowMs
  return seenAtOf(draft, offer.header.parent) + draft.context.parameters.blockIntervalMs
}

/** Enters a later view of the epoch. [CON-7] */
export function enterView<State>(draft: Draft<State>, view: number): void {
  if (view <= draft.fields.view) return
  draft.fields = { ...draft.fields, view, enteredAtMs: draft.nowMs, retryCount: 0 }
  draft.fields = { ...draft.fields, retryAtMs: viewStartMs(draft) + retryPauseMs(draft) }
  putRound(draft, view, {})
  forgetVotes(draft)
  draft.isChanged = true
}

/** The pause before the retry that is due next: it doubles from one to the next. [CON-13] */
export function retryPauseMs<State>(draft: Draft<State>): number {
  const doublings = Math.min(RETRY_DOUBLINGS_MAX, draft.fields.retryCount)
  return draft.context.parameters.retryMs * 2 ** doublings
}

/** Of views far behind ours only the certificates, and what we signed ourselves, are kept. [CON-15] */
function forgetVotes<State>(draft: Draft<State>): void {
  const oldest = draft.fields.view - draft.context.parameters.viewGapMax
  for (const round of draft.rounds.values()) {
    if (round.view >= oldest || (round.piles.size === 0 && round.offers.length === 0)) continue
    putRound(draft, round.view, { piles: new Map(), offers: [] })
  }
}

/** The next instant at which something happens by itself; null when only others can go on. */
export function computeDeadline<State>(draft: Draft<State>): number | null {
  const { nowMs, fields } = draft
  const { deltaMs, retryMs } = draft.context.parameters
  const instants: number[] = []
  for (const { askedAtMs } of draft.wanted.values()) instants.push(askedAtMs + retryMs)
  if (fields.laggingSinceMs !== null) instants.push(fields.laggingSinceMs + deltaMs)
  if (isVoter(draft)) {
    const round = roundOf(draft, fields.view)
    const { leaderAtMs, viewAtMs } = timersOf(draft)
    if (round.own.proposal === null && round.leader === draft.context.self) {
      instants.push(viewStartMs(draft))
    }
    if (round.own.notarize === null) {
      for (const { id } of round.offers) instants.push(votableAtMs(draft, round, id))
    }
    if (round.own.nullify === null) {
      if (round.offers.length === 0) instants.push(leaderAtMs)
      instants.push(viewAtMs)
    }
    instants.push(fields.retryAtMs)
    if (fields.endRetryAtMs !== null) instants.push(fields.endRetryAtMs)
  }
  // What was due before and could not be done waits for something else: a message, or a later instant.
  const ahead = instants.filter((instant) => instant > nowMs)
  return ahead.length === 0 ? null : Math.min(...ahead)
}

/** Our finalize votes on b_e, which is not final. */
export function endVotesOf<State>(draft: Draft<State>): readonly Round[] {
  return roundsInOrder(draft).filter(({ own }) => {
    const vote = own.finalize?.message
    if (vote === undefined || vote.kind !== 'finalize') return false
    return draft.blocks.get(vote.block)?.block.header.nextSet != null
  })
}
