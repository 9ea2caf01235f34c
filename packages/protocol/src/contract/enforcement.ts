import {
  type ActionLimit,
  applyLimit,
  computeLimitFloor,
  limitAction,
  raiseLimit,
  UNLIMITED,
} from './action-limit.ts'
import type { EnforcementRecord } from './enforcement-record.ts'
import type { Point, View } from './language.ts'
import type { CompiledClause, CompiledLaw } from './law.ts'
import { type ClosedBook, LawBook } from './law-book.ts'
import type { LawState } from './law-state.ts'

export type { EnforcementRecord } from './enforcement-record.ts'
export { createLawState, type LawState, settleEnd, totalHeldMicro } from './law-state.ts'

/** A law and whom it binds, by seat. Under `members` every seat is bound; under `signers` those that signed. */
export interface BoundLaw {
  readonly law: CompiledLaw
  readonly signer: readonly boolean[]
  readonly bound: readonly boolean[]
}

/** What enforcing a law did at one point. */
export type Enforcement = ClosedBook

export interface SubmissionEnforcement extends Enforcement {
  /** The actions in force, by seat; null for who is absent. */
  readonly actions: readonly (bigint | null)[]
}

/**
 * Carries out the clauses at `submission`, in index order.
 *
 * Shape   `actions` by seat: what was revealed, null for who is absent. `state` and `view` have the same seats.
 * Result  the actions in force, and the money that moved.
 * Errors  none: a clause that faults is skipped for that seat, and recorded.
 * Source  spec/contract.md §4, §5 [CTR-10] … [CTR-18] · vectors/contract.json
 */
export function enforceSubmission(
  { law, signer, bound }: BoundLaw,
  state: LawState,
  view: View,
  actions: readonly (bigint | null)[],
): SubmissionEnforcement {
  const book = new LawBook(signer, bound, state, view)
  let limits: readonly ActionLimit[] = actions.map(() => UNLIMITED)
  let supposed: readonly (readonly (ActionLimit | null)[])[] = actions.map(() => [])
  for (const clause of clausesAt(law, 'submission')) {
    const { moves, suppositions } = book.enforceClause(clause)
    const before = limits
    limits = before.map((limit, seat) => applyLimit(limit, moves[seat] ?? null))
    book.records.push(...changesOf(clause, actions, before, limits))
    supposed = suppositions.map((row, holdOut) =>
      row.map((one, seat) =>
        one === null ? null : applyLimit(supposed[holdOut]?.[seat] ?? UNLIMITED, one.move),
      ),
    )
  }

  // [CTR-16] What the law does to the action of a hold-out is not below what it would do to the signers, on average.
  const enforced = actions.map((request, seat) => {
    if (request === null) return null
    const limit = limits[seat] ?? UNLIMITED
    const row = supposed[seat] ?? []
    const floor = row.length === 0 ? 0n : computeLimitFloor(request, row)
    const before = limitAction(request, limit)
    const after = limitAction(request, raiseLimit(limit, floor))
    if (after !== before) book.records.push({ kind: 'equal-treatment', seat, before, after })
    return after
  })
  return { ...book.close(), actions: enforced }
}

/**
 * Carries out the clauses at `settlement`, in index order, and then takes what hold-outs owe for the round.
 *
 * As {@link enforceSubmission}, which comes before it once a round. [CTR-16]
 */
export function enforceSettlement(
  { law, signer, bound }: BoundLaw,
  state: LawState,
  view: View,
): Enforcement {
  const book = new LawBook(signer, bound, state, view)
  for (const clause of clausesAt(law, 'settlement')) book.enforceClause(clause)
  book.settleHoldOuts()
  return book.close()
}

function clausesAt(law: CompiledLaw, point: Point): readonly CompiledClause[] {
  return law.clauses.filter(({ at }) => at === point)
}

function changesOf(
  { index, then }: CompiledClause,
  actions: readonly (bigint | null)[],
  limitsBefore: readonly ActionLimit[],
  limitsAfter: readonly ActionLimit[],
): EnforcementRecord[] {
  const { primitive: effect } = then
  if (effect !== 'cap' && effect !== 'override') return []
  const records: EnforcementRecord[] = []
  for (const [seat, request] of actions.entries()) {
    if (request === null) continue
    const before = limitAction(request, limitsBefore[seat] ?? UNLIMITED)
    const after = limitAction(request, limitsAfter[seat] ?? UNLIMITED)
    if (after !== before)
      records.push({ kind: 'action', clause: index, seat, effect, before, after })
  }
  return records
}
