import type { Cid } from '../../codec/cid.ts'
import { openHold } from '../../ledger/money.ts'
import { checkRecord, type RecordCode } from '../../resolution/dataset.ts'
import { resolveRecord } from '../../resolution/resolver.ts'
import { ignore, ok, type Result } from '../../result.ts'
import { headOf } from '../head.ts'
import type { TransactionOf, Work } from '../work.ts'
import {
  assertionHoldId,
  enterStage,
  findInStage,
  findRules,
  finish,
  type MarketCode,
  type Question,
  rulesOf,
} from './market.ts'
import { WINDOW_HEIGHTS_MIN } from './question.ts'

export type ResolveCode = MarketCode | 'too-early' | 'wrong-resolver' | RecordCode

export type AssertCode =
  | MarketCode
  | 'too-early'
  | 'wrong-resolver'
  | 'unknown-outcome'
  | 'same-outcome'
  | 'cannot-fund-assertion'

/** Opens the record that a data set holds for a question. Whoever opens it, it says the same. [RES-4] */
export function applyResolve(work: Work, tx: TransactionOf<'resolve'>): Result<void, ResolveCode> {
  const found = findDue(work, tx.question)
  if (!found.ok) return found
  const { resolver, outcomes } = found.value
  if (resolver.kind === 'schelling') return ignore('wrong-resolver', { resolver: resolver.kind })
  const { root, index } = resolver
  const checked = checkRecord({ root, index, record: tx.record, proof: tx.proof })
  if (!checked.ok) return checked
  const { outcome } = resolveRecord(resolver, tx.record, outcomes.length)
  finish(work, tx.question, outcome, headOf(work.ledger).height + 1)
  return ok(undefined)
}

/** Says what came true where no data set does, and puts a bond behind it. [RES-6] */
export function applyAssert(work: Work, tx: TransactionOf<'assert'>): Result<void, AssertCode> {
  const found = findDue(work, tx.question)
  if (!found.ok) return found
  const { resolver, outcomes } = found.value
  if (resolver.kind !== 'schelling') return ignore('wrong-resolver', { resolver: resolver.kind })
  if (tx.outcome >= outcomes.length) return ignore('unknown-outcome', { given: tx.outcome })
  if (!bondAssertion(work, tx)) return unfunded(work)
  const { epoch, height } = headOf(work.ledger)
  const untilEpoch = epoch + rulesOf(work).disputeEpochs
  // Epochs may be a few blocks long, and no honest dispute is cut off.
  const untilHeight = height + 1 + WINDOW_HEIGHTS_MIN
  const { author: asserter, outcome } = tx
  enterStage(
    work,
    tx.question,
    { at: 'asserted', asserter, outcome, untilEpoch, untilHeight },
    null,
  )
  return ok(undefined)
}

/** Contradicts an assertion with an equal bond: a jury decides. [RES-6] */
export function applyDispute(work: Work, tx: TransactionOf<'dispute'>): Result<void, AssertCode> {
  const rules = findRules(work)
  if (!rules.ok) return rules
  const found = findInStage(work.ledger, tx.question, 'asserted')
  if (!found.ok) return found
  const { question, stage } = found.value
  if (tx.outcome >= question.outcomes.length) {
    return ignore('unknown-outcome', { given: tx.outcome })
  }
  if (tx.outcome === stage.outcome) return ignore('same-outcome', { outcome: tx.outcome })
  if (!bondAssertion(work, tx)) return unfunded(work)
  const { asserter, outcome } = stage
  const { author: disputer, outcome: disputedOutcome } = tx
  enterStage(
    work,
    tx.question,
    {
      at: 'disputed',
      excluded: null,
      asserter,
      outcome,
      disputer,
      disputedOutcome,
      juries: [],
    },
    null,
  )
  return ok(undefined)
}

/** A question that waits for its outcome, and may have it. */
function findDue(work: Work, id: Cid): Result<Question, MarketCode | 'too-early'> {
  const rules = findRules(work)
  if (!rules.ok) return rules
  const found = findInStage(work.ledger, id, 'waiting')
  if (!found.ok) return found
  const { question } = found.value
  const height = headOf(work.ledger).height + 1
  const { resolveHeight } = question
  return height < resolveHeight ? ignore('too-early', { height, resolveHeight }) : ok(question)
}

/** Sets the bond of one side aside, and tells for what. */
function bondAssertion(
  work: Work,
  { kind, question, author: agent, outcome }: TransactionOf<'assert' | 'dispute'>,
): boolean {
  const bondMicro = rulesOf(work).assertBondMicro
  const [side, told] =
    kind === 'assert'
      ? (['asserter', 'outcome-asserted'] as const)
      : (['disputer', 'outcome-disputed'] as const)
  const hold = { owner: agent, purpose: 'assertion', subnet: '', amountMicro: bondMicro } as const
  if (!openHold(work, assertionHoldId(question, side), hold)) return false
  work.events.push({ kind: told, question, agent, outcome, bondMicro })
  return true
}

function unfunded(work: Work) {
  return ignore('cannot-fund-assertion', { bond: rulesOf(work).assertBondMicro })
}
