import type { Cid } from '../../codec/cid.ts'
import type { AgentId } from '../../identity/agent-id.ts'
import type { Ledger } from '../../ledger/draft.ts'
import { headOf } from '../head.ts'
import { entries, entryKey, type Question, questions } from './market.ts'

/** What a question that is not settled asks of an agent. */
export type StatementDuty =
  /** To say something in this snapshot, which the next block takes. */
  | {
      readonly kind: 'state'
      readonly question: Cid
      readonly snapshot: number
      readonly closeHeight: number
    }
  /** To open what it sealed. */
  | { readonly kind: 'open'; readonly question: Cid; readonly snapshot: number }

/** What the questions on a ledger ask of an agent, in the order in which the ledger has them. [FOR-6] */
export function statementDuties(ledger: Ledger, agent: AgentId): readonly StatementDuty[] {
  return [...questions.entries(ledger)].flatMap(([id, question]): readonly StatementDuty[] => {
    switch (question.stage.at) {
      case 'open':
        return dutyToState(ledger, { id, question, agent })
      case 'revealing':
        return sealsOf(ledger, id, agent)
          .filter(({ isOpened }) => !isOpened)
          .map(({ snapshot }) => ({ kind: 'open', question: id, snapshot }))
      default:
        return []
    }
  })
}

function dutyToState(
  ledger: Ledger,
  {
    id,
    question,
    agent,
  }: { readonly id: Cid; readonly question: Question; readonly agent: AgentId },
): readonly StatementDuty[] {
  const { height } = headOf(ledger)
  if (height + 1 < question.openHeight) return []
  const snapshot = question.snapshots.findIndex(({ closeHeight }) => height < closeHeight)
  const closeHeight = question.snapshots[snapshot]?.closeHeight
  const hasSealed = sealsOf(ledger, id, agent).some((seal) => seal.snapshot === snapshot)
  if (closeHeight === undefined || hasSealed) return []
  return [{ kind: 'state', question: id, snapshot, closeHeight }]
}

function sealsOf(ledger: Ledger, question: Cid, agent: AgentId) {
  return entries.find(ledger, entryKey(question, agent))?.seals ?? []
}
