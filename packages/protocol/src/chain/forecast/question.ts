import type { Cid } from '../../codec/cid.ts'
import { hasQuorum } from '../../consensus/validators.ts'
import { WHOLE_BPS } from '../../emission/log-table.ts'
import { checkReport, type ReportCode } from '../../emission/report.ts'
import type { ForecastGenesis } from '../../genesis.ts'
import { sumBigint } from '../../integer.ts'
import { openHold } from '../../ledger/money.ts'
import type { QuestionBody } from '../../message/forecast.ts'
import { checkResolver, type ResolverCode } from '../../resolution/resolver.ts'
import { ignore, ok, type Result, reject } from '../../result.ts'
import { headOf } from '../head.ts'
import type { TransactionOf, Work } from '../work.ts'
import {
  changeMarket,
  enterStage,
  findInStage,
  findRules,
  type MarketCode,
  marketOf,
  questionHoldId,
  questions,
} from './market.ts'

export type QuestionCode =
  | 'no-market'
  | 'outcomes-repeated'
  | ReportCode
  | 'snapshots-not-whole'
  | 'window-too-short'
  | 'resolves-too-early'
  | 'resolves-too-late'
  | ResolverCode
  | 'opens-too-soon'
  | 'opens-too-late'
  | 'too-many-questions'
  | 'cannot-fund-question'

export type AdmitCode = MarketCode | 'not-a-validator' | 'already-admitted'

/** Heights that anything may take to get into a block: no honest act is cut off before eight leader draws. [FOR-3] */
export const WINDOW_HEIGHTS_MIN = 8
/** A question is over so many heights after it was asked, at the latest. [FOR-3] */
export const QUESTION_HEIGHTS_MAX = 100_000_000

/** So long may a question wait to be admitted: whoever fills places with questions that nobody wants pays again and again. [FOR-3] */
const ADMISSION_HEIGHTS_MAX = 100_000

/** Asks a question. One that the genesis lets ask opens it at once; any other waits to be admitted. [FOR-3] [FOR-4] */
export function applyQuestion(
  work: Work,
  tx: TransactionOf<'question'>,
  id: Cid,
): Result<void, QuestionCode> {
  const rules = findRules(work)
  if (!rules.ok) return rules
  const { kind: _, author, nonce: __, feeMicro: ___, ...body } = tx
  const height = headOf(work.ledger).height + 1
  const isNamed = rules.value.openers.includes(author)
  // The opener cannot know which block takes its question: where it is let in late, it opens late.
  const openHeight = isNamed ? Math.max(body.openHeight, height + 1) : body.openHeight
  const checked = checkQuestion({ ...body, openHeight }, height)
  if (!checked.ok) return checked
  if (openHeight <= height + (isNamed ? 0 : WINDOW_HEIGHTS_MIN)) {
    return ignore('opens-too-soon', { openHeight, height })
  }
  if (!isNamed && openHeight > height + ADMISSION_HEIGHTS_MAX) {
    return ignore('opens-too-late', { openHeight, height })
  }
  const { questionCount } = marketOf(work.ledger)
  const limit = placesFor(isNamed, rules.value)
  if (questionCount >= limit) return ignore('too-many-questions', { limit })
  const bonded = openHold(work, questionHoldId(id), {
    owner: author,
    purpose: 'question',
    subnet: '',
    amountMicro: rules.value.questionBondMicro,
  })
  if (!bonded) return ignore('cannot-fund-question', { bond: rules.value.questionBondMicro })
  changeMarket(work, { questionCount: questionCount + 1 })
  const stage = isNamed ? OPEN : { at: 'proposed' as const, admittedBy: [] }
  questions.put(work, id, {
    ...body,
    openHeight,
    author,
    stage,
    dueHeight: null,
    sealCount: 0,
    openedCount: 0,
    budgetMicro: null,
  })
  work.events.push({ kind: 'question-asked', question: id, author, body: { ...body, openHeight } })
  enterStage(work, id, stage, isNamed ? lastCloseOf(body) : openHeight - 1)
  return ok(undefined)
}

/** A validator's word that a question may move weight and earn; more than 2/3 of the stake admit it. [FOR-4] */
export function applyAdmit(work: Work, tx: TransactionOf<'admit'>): Result<void, AdmitCode> {
  const rules = findRules(work)
  if (!rules.ok) return rules
  const found = findInStage(work.ledger, tx.question, 'proposed')
  if (!found.ok) return found
  const { validators } = headOf(work.ledger)
  if (!validators.some(({ agent }) => agent === tx.author)) return ignore('not-a-validator')
  const { question, stage } = found.value
  if (stage.admittedBy.includes(tx.author)) return ignore('already-admitted')
  const admittedBy = [...stage.admittedBy, tx.author]
  const stakeMicro = sumBigint(
    validators
      .filter(({ agent }) => admittedBy.includes(agent))
      .map((validator) => validator.stakeMicro),
  )
  const totalMicro = sumBigint(validators.map((validator) => validator.stakeMicro))
  if (hasQuorum(stakeMicro, totalMicro)) {
    enterStage(work, tx.question, OPEN, lastCloseOf(question))
  } else {
    enterStage(work, tx.question, { at: 'proposed', admittedBy }, question.dueHeight)
  }
  return ok(undefined)
}

/** Half of all places are kept for those whom the genesis names: strangers cannot fill them. [FOR-3] */
function placesFor(isNamed: boolean, { questionCountMax }: ForecastGenesis): number {
  return isNamed ? questionCountMax : Math.floor(questionCountMax / 2)
}

const OPEN = { at: 'open' } as const

/** The height after which no statement is sealed any more. */
export function lastCloseOf({ snapshots }: Pick<QuestionBody, 'snapshots'>): number {
  return snapshots.at(-1)?.closeHeight ?? 0
}

/** What a question says by itself. In this order. [FOR-3] */
function checkQuestion(body: QuestionBody, height: number): Result<void, QuestionCode> {
  const { outcomes, snapshots, openHeight, resolveHeight, referenceBps } = body
  if (new Set(outcomes).size !== outcomes.length) return reject('outcomes-repeated')
  const reference = checkReport(referenceBps, outcomes.length)
  if (!reference.ok) return reference
  const sum = snapshots.reduce((total, { weightBps }) => total + weightBps, 0)
  if (sum !== WHOLE_BPS || snapshots.some(({ weightBps }) => weightBps === 0)) {
    return reject('snapshots-not-whole', { sum })
  }
  const short = snapshots.findIndex(({ closeHeight }, index) => {
    const before = snapshots[index - 1]?.closeHeight ?? openHeight - 1
    return closeHeight - before < WINDOW_HEIGHTS_MIN
  })
  if (short !== -1)
    return ignore('window-too-short', { snapshot: short, least: WINDOW_HEIGHTS_MIN })
  const lastClose = lastCloseOf(body)
  if (resolveHeight <= lastClose) return reject('resolves-too-early', { resolveHeight, lastClose })
  if (resolveHeight > height + QUESTION_HEIGHTS_MAX) {
    return reject('resolves-too-late', { resolveHeight, height })
  }
  const resolver = checkResolver(body.resolver)
  return resolver.ok ? ok(undefined) : resolver
}
