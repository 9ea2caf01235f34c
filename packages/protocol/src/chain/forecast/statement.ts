import { encode } from '../../codec/cbor.ts'
import type { Cid } from '../../codec/cid.ts'
import { type Digest, digestOf } from '../../codec/digest.ts'
import { checkReport, type ReportCode } from '../../emission/report.ts'
import type { AgentId } from '../../identity/agent-id.ts'
import { closeHold, openHold } from '../../ledger/money.ts'
import type { Statement } from '../../message/forecast.ts'
import { ignore, ok, type Result } from '../../result.ts'
import { headOf } from '../head.ts'
import type { TransactionOf, Work } from '../work.ts'
import { endReveal } from './deadline.ts'
import {
  type Entry,
  entries,
  entryKey,
  findInStage,
  findRules,
  locks,
  type MarketCode,
  questionOf,
  questions,
  rulesOf,
  statementHoldId,
  unsettled,
} from './market.ts'

export type SealStatementCode =
  | MarketCode
  | 'not-open-yet'
  | 'unknown-snapshot'
  | 'snapshot-closed'
  | 'already-sealed'
  | 'cannot-fund-statement'

export type RevealStatementCode =
  | MarketCode
  | 'not-sealed'
  | 'already-revealed'
  | 'wrong-reveal'
  | ReportCode

/** The digest that a seal commits its author to, and the statement's id. Its author is in it, so that it cannot be copied. [FOR-6] */
export function statementDigest(of: {
  readonly author: AgentId
  readonly question: Cid
  readonly snapshot: number
  readonly statement: Statement
  readonly salt: Uint8Array
}): Digest {
  const { author, question, snapshot, statement, salt } = of
  return digestOf(encode(['statement', author, question, snapshot, statement, salt]))
}

/** Commits to a statement, before its snapshot closes. [FOR-6] */
export function applySealStatement(
  work: Work,
  tx: TransactionOf<'seal-statement'>,
): Result<void, SealStatementCode> {
  const rules = findRules(work)
  if (!rules.ok) return rules
  const found = findInStage(work.ledger, tx.question, 'open')
  if (!found.ok) return found
  const { question } = found.value
  const height = headOf(work.ledger).height + 1
  if (height < question.openHeight) {
    return ignore('not-open-yet', { height, openHeight: question.openHeight })
  }
  const snapshot = question.snapshots[tx.snapshot]
  if (snapshot === undefined) return ignore('unknown-snapshot', { given: tx.snapshot })
  if (height > snapshot.closeHeight) {
    return ignore('snapshot-closed', { height, closeHeight: snapshot.closeHeight })
  }
  const key = entryKey(tx.question, tx.author)
  const known = entries.find(work.ledger, key)
  if (known?.seals.some((sealed) => sealed.snapshot === tx.snapshot) === true) {
    return ignore('already-sealed')
  }
  if (known === undefined && !bondStatement(work, tx.question, tx.author)) {
    return ignore('cannot-fund-statement', { bond: rules.value.statementBondMicro })
  }
  const entry = known ?? openEntry(work, tx.author)
  entries.put(work, key, {
    ...entry,
    seals: [
      ...entry.seals,
      {
        snapshot: tx.snapshot,
        digest: tx.digest,
        order: question.sealCount,
        isOpened: false,
        report: null,
      },
    ],
  })
  questions.put(work, tx.question, { ...question, sealCount: question.sealCount + 1 })
  return ok(undefined)
}

function bondStatement(work: Work, question: Cid, owner: AgentId): boolean {
  return openHold(work, statementHoldId(question, owner), {
    owner,
    purpose: 'statement',
    subnet: '',
    amountMicro: rulesOf(work).statementBondMicro,
  })
}

function openEntry(work: Work, agent: AgentId): Entry {
  const { questionCount } = unsettled.find(work.ledger, agent) ?? { questionCount: 0 }
  unsettled.put(work, agent, { questionCount: questionCount + 1 })
  // [FOR-5] So that nobody adds weight when it knows how it comes out.
  return { addedMicro: locks.find(work.ledger, agent)?.addedMicro ?? 0n, seals: [] }
}

/** Opens a statement, once the last snapshot of its question is closed. [FOR-6] */
export function applyRevealStatement(
  work: Work,
  tx: TransactionOf<'reveal-statement'>,
): Result<void, RevealStatementCode> {
  const rules = findRules(work)
  if (!rules.ok) return rules
  const found = findInStage(work.ledger, tx.question, 'revealing')
  if (!found.ok) return found
  const key = entryKey(tx.question, tx.author)
  const entry = entries.find(work.ledger, key)
  const sealed = entry?.seals.find(({ snapshot }) => snapshot === tx.snapshot)
  if (entry === undefined || sealed === undefined) return ignore('not-sealed')
  if (sealed.isOpened) return ignore('already-revealed')
  const digest = statementDigest(tx)
  if (digest !== sealed.digest) return ignore('wrong-reveal', { given: digest })
  const { question } = found.value
  const { report } = tx.statement
  if (report !== null) {
    const checked = checkReport(report, question.outcomes.length)
    if (!checked.ok) return checked
  }
  const seals = entry.seals.map((one) =>
    one === sealed ? { ...one, isOpened: true, report } : one,
  )
  entries.put(work, key, { ...entry, seals })
  if (seals.every(({ isOpened }) => isOpened)) {
    closeHold(work, statementHoldId(tx.question, tx.author), 'owner')
  }
  work.events.push({
    kind: 'statement-opened',
    question: tx.question,
    author: tx.author,
    snapshot: tx.snapshot,
    order: sealed.order,
    digest,
    statement: tx.statement,
  })
  countOpened(work, tx.question)
  return ok(undefined)
}

/** The time for opening is over when there is nothing left to open. */
function countOpened(work: Work, id: Cid): void {
  const question = questionOf(work.ledger, id)
  const openedCount = question.openedCount + 1
  questions.put(work, id, { ...question, openedCount })
  if (openedCount < question.sealCount) return
  endReveal(work, id, headOf(work.ledger).height + 1)
}
