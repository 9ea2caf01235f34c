import type { Proposal, Vote } from '../message/consensus.ts'
import type { Verified } from '../message/envelope.ts'
import { ignore } from '../result.ts'
import { answer, askSync } from './ask.ts'
import type { Refusal } from './code.ts'
import type { Draft } from './draft.ts'

/** Messages of the next epoch that are kept of one author until we are there. [CON-15] */
const EARLY_PER_AUTHOR_MAX = 4

/**
 * Whether a message belongs to a view that we follow. One that does not is not taken, but shows who is behind: its author, who is
 * answered, or we, who ask. [CON-13] [CON-16]
 */
export function checkPlace<State>(
  draft: Draft<State>,
  verified: Verified<Vote | Proposal>,
): Refusal {
  const { author, epoch, view } = verified.message
  const { fields, context } = draft
  if (epoch < fields.epoch) {
    answer(draft, author, null)
    return ignore('old-epoch', { epoch }).error
  }
  if (epoch > fields.epoch) {
    noteFutureEpoch(draft, epoch)
    if (epoch === fields.epoch + 1) keepEarly(draft, verified)
    return ignore('future-epoch', { epoch }).error
  }
  if (view > fields.view + context.parameters.viewGapMax) {
    askSync(draft, null)
    return ignore('too-far-ahead', { view }).error
  }
  return null
}

/** Something of a later epoch was heard: of the next one it may just be early, of a later one it is not. [CON-16] */
export function noteFutureEpoch<State>(draft: Draft<State>, epoch: number): void {
  if (epoch > draft.fields.epoch + 1) {
    askSync(draft, null)
    return
  }
  const laggingSinceMs = draft.fields.laggingSinceMs ?? draft.nowMs
  draft.fields = { ...draft.fields, laggingSinceMs }
}

/** Whether the network had the time to bring everyone into our view: who is not there may need help. [CON-13] */
export function isLate<State>(draft: Draft<State>): boolean {
  return draft.nowMs >= draft.fields.enteredAtMs + draft.context.parameters.deltaMs
}

function keepEarly<State>(draft: Draft<State>, verified: Verified<Vote | Proposal>): void {
  const { early, schedule, tip } = draft.fields
  const { author, view } = verified.message
  const nextSet = draft.blocks.get(tip.id)?.block.header.nextSet ?? []
  const isExpected =
    schedule.electorate.indexOf.has(author) || nextSet.some(({ agent }) => agent === author)
  if (!isExpected || view > draft.context.parameters.viewGapMax) return
  const same = early.filter(({ message }) => message.author === author)
  if (same.length >= EARLY_PER_AUTHOR_MAX || same.some(({ id }) => id === verified.id)) return
  draft.fields = { ...draft.fields, early: [...early, verified] }
}
