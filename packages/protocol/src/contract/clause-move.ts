import { invariant } from '../invariant.ts'
import { ignore, ok, type Result } from '../result.ts'
import { divideHalfEven } from './divide.ts'
import { evaluate, type IntExpression } from './expression.ts'
import type { EvaluationFault } from './expression-run.ts'
import type { Observations } from './language.ts'
import type { CompiledClause, CompiledPrimitive } from './law.ts'
import type { Primitive } from './terms.ts'

const AMOUNT_MAX = 2n ** 63n - 1n

/** The primitives that change an action. */
export type ActionEffect = 'cap' | 'override'
/** The primitives that move money. */
export type PaymentEffect = Exclude<Primitive['primitive'], ActionEffect>

/** Why a clause is skipped for a seat. [CTR-6] [CTR-12] */
export type LawFault =
  | EvaluationFault
  | 'negative-amount'
  | 'seat-out-of-range'
  | 'pays-itself'
  | 'over-not-positive'

/** What one clause does to one seat. */
export type Move = ActionMove | PaymentMove
export interface ActionMove {
  readonly effect: ActionEffect
  readonly value: bigint
}
export interface PaymentMove {
  readonly effect: PaymentEffect
  /** The seat that is paid, where it is a seat. */
  readonly to: number | null
  readonly amountMicro: bigint
  /** What an insurance pays back from the pool; 0 for the others. */
  readonly payoutMicro: bigint
}

/**
 * What a clause does to the seat that these variables are of: null where its condition does not hold.
 *
 * Errors  {@link LawFault}: the clause is skipped for this seat.
 * Source  spec/contract.md §4 [CTR-11] … [CTR-14]
 */
export function decide(
  clause: CompiledClause,
  variables: Observations,
): Result<Move | null, LawFault> {
  const applies = evaluate(clause.when, variables)
  if (!applies.ok) return applies
  return applies.value ? decidePrimitive(clause.then, variables) : ok(null)
}

export function isAction(move: Move): move is ActionMove {
  return move.effect === 'cap' || move.effect === 'override'
}

function decidePrimitive(then: CompiledPrimitive, variables: Observations): Result<Move, LawFault> {
  switch (then.primitive) {
    case 'cap':
    case 'override':
      return decideAction(then.primitive, then.value, then.over, variables)
    case 'transfer':
    case 'release': {
      const to = seatOf(then.to, variables)
      if (!to.ok) return to
      if (then.primitive === 'transfer' && BigInt(to.value) === variables['self']) {
        return ignore('pays-itself')
      }
      return payment(then.primitive, amountOf(then.amount, variables), to.value)
    }
    case 'escrow':
    case 'sanction':
    case 'participationCost':
      return payment(then.primitive, amountOf(then.amount, variables))
    case 'graduatedSanction':
      return payment('graduatedSanction', graduate(then.base, then.multiplier, variables))
    case 'insurance': {
      const premium = amountOf(then.premium, variables)
      if (!premium.ok) return premium
      const payout = amountOf(then.payout, variables)
      if (!payout.ok) return payout
      const [amountMicro, payoutMicro] = [premium.value, payout.value]
      return ok({ effect: 'insurance', to: null, amountMicro, payoutMicro })
    }
  }
}

// [CTR-11] An enforced value is rounded half to even and is never negative.
function decideAction(
  effect: ActionEffect,
  valueText: IntExpression,
  overText: IntExpression | null,
  variables: Observations,
): Result<Move, LawFault> {
  const value = evaluate(valueText, variables)
  if (!value.ok) return value
  const over = overText === null ? ok(1n) : evaluate(overText, variables)
  if (!over.ok) return over
  if (over.value <= 0n) return ignore('over-not-positive')
  const rounded = divideHalfEven(value.value, over.value)
  return ok({ effect, value: rounded < 0n ? 0n : rounded })
}

function payment(
  effect: PaymentEffect,
  amount: Result<bigint, LawFault>,
  to: number | null = null,
): Result<Move, LawFault> {
  return amount.ok ? ok({ effect, to, amountMicro: amount.value, payoutMicro: 0n }) : amount
}

function amountOf(expression: IntExpression, variables: Observations): Result<bigint, LawFault> {
  const amount = evaluate(expression, variables)
  return amount.ok && amount.value < 0n ? ignore('negative-amount') : amount
}

function seatOf(expression: IntExpression, variables: Observations): Result<number, LawFault> {
  const seat = evaluate(expression, variables)
  if (!seat.ok) return seat
  const { n } = variables
  invariant(typeof n === 'bigint', 'a law knows how many seats there are')
  return seat.value >= 0n && seat.value < n ? ok(Number(seat.value)) : ignore('seat-out-of-range')
}

// [CTR-13] base × multiplier ^ (violations before). It stops growing at the largest amount, so that nobody escapes by
// overflow.
function graduate(
  baseText: IntExpression,
  multiplierText: IntExpression,
  variables: Observations,
): Result<bigint, LawFault> {
  const base = amountOf(baseText, variables)
  if (!base.ok) return base
  const multiplier = amountOf(multiplierText, variables)
  if (!multiplier.ok) return multiplier
  const { violations } = variables
  invariant(typeof violations === 'bigint', 'a law knows the violations before')
  if (violations === 0n || base.value === 0n || multiplier.value === 1n) return base
  if (multiplier.value === 0n) return ok(0n)
  // From here every step at least doubles the amount, so 63 of them reach the largest.
  let amount = base.value
  for (let step = 0n; step < violations && amount < AMOUNT_MAX; step += 1n) {
    amount *= multiplier.value
  }
  return ok(amount > AMOUNT_MAX ? AMOUNT_MAX : amount)
}
