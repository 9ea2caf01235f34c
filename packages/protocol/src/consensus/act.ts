import type { Draft } from './draft.ts'
import { executeBlocks, wantMissing } from './execute.ts'
import { settle } from './finality.ts'
import { examineOffers, takeProposal } from './offer.ts'
import { propose } from './propose.ts'
import { retry } from './retry.ts'
import { takeVote } from './take-vote.ts'
import { vote } from './vote.ts'

/** Does all that the rules allow at this instant, until nothing more follows from it. [CON-8] */
export function act<State>(draft: Draft<State>): void {
  do {
    draft.isChanged = false
    conclude(draft)
    replayEarly(draft)
    propose(draft)
    vote(draft)
  } while (draft.isChanged)
  wantMissing(draft)
  retry(draft)
}

/** What follows from the messages that are here, without a word of our own. */
export function conclude<State>(draft: Draft<State>): void {
  examineOffers(draft)
  executeBlocks(draft)
  settle(draft)
}

/** Takes the messages that came before we were in their epoch. [CON-15] */
function replayEarly<State>(draft: Draft<State>): void {
  const { early, epoch } = draft.fields
  const due = early.filter(({ message }) => message.epoch === epoch)
  if (due.length === 0) return
  const later = early.filter(({ message }) => message.epoch > epoch)
  draft.fields = { ...draft.fields, early: later }
  for (const { message, ...verified } of due) {
    if (message.kind === 'proposal') takeProposal(draft, { ...verified, message })
    else takeVote(draft, { ...verified, message })
  }
}
