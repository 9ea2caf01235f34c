import type { Cid } from '../../codec/cid.ts'
import { closeHold } from '../../ledger/money.ts'
import type { Work } from '../work.ts'
import { bondedOnce, endJuryStep, noteBudget } from './jury.ts'
import {
  dropQuestion,
  dueQuestions,
  enterStage,
  entriesOf,
  finish,
  questionHoldId,
  questionOf,
  rulesOf,
  statementHoldId,
} from './market.ts'

/** Ends every stage whose time is over with the block of this height. [FOR-4] */
export function passDeadlines(work: Work, height: number): void {
  const bonded = bondedOnce(work)
  for (const id of dueQuestions(work.ledger, height)) {
    const { stage } = questionOf(work.ledger, id)
    switch (stage.at) {
      case 'proposed':
        lapse(work, id)
        break
      case 'open':
        noteBudget(work, id, bonded)
        closeSnapshots(work, id, height)
        break
      case 'revealing':
        endReveal(work, id, height)
        break
      case 'waiting':
        finish(work, id, null, height)
        break
      case 'jury':
        endJuryStep(work, id, height)
        break
      case 'asserted':
      case 'disputed':
      case 'final':
        break
    }
  }
}

/** Nobody admitted the question in time: it is gone, and so is its bond. */
function lapse(work: Work, id: Cid): void {
  closeHold(work, questionHoldId(id), { kind: 'burned' })
  dropQuestion(work, id)
  work.events.push({ kind: 'question-lapsed', question: id })
}

function closeSnapshots(work: Work, id: Cid, height: number): void {
  const { sealCount } = questionOf(work.ledger, id)
  if (sealCount === 0) awaitResolution(work, id, height)
  else enterStage(work, id, { at: 'revealing' }, height + rulesOf(work).revealHeightsMax)
}

/** Whoever kept something sealed loses its bond; in the score it stands for the worst report. [FOR-6] [EMI-15] */
export function endReveal(work: Work, id: Cid, height: number): void {
  for (const { agent, entry } of entriesOf(work.ledger, id)) {
    if (entry.seals.every(({ isOpened }) => isOpened)) continue
    const amountMicro = closeHold(work, statementHoldId(id, agent), { kind: 'burned' })
    work.events.push({ kind: 'slashed', agent, offence: 'statement-not-opened', amountMicro })
  }
  awaitResolution(work, id, height)
}

function awaitResolution(work: Work, id: Cid, height: number): void {
  const { resolveHeight } = questionOf(work.ledger, id)
  const from = Math.max(resolveHeight, height)
  enterStage(work, id, { at: 'waiting' }, from + rulesOf(work).resolveHeightsMax)
}
