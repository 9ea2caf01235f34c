import { minBigint, sumBigint } from '../integer.ts'
import { decide, isAction, type Move } from './clause-move.ts'
import { divideDown } from './divide.ts'
import { observe, substitute, type View } from './language.ts'
import type { CompiledClause } from './law.ts'
import {
  type HoldOut,
  NOTHING_PAID,
  type SeatAccount,
  type Shadow,
  type Tally,
} from './law-state.ts'
import { add, countViolation, fundsMicro, isRefund, kindOf, take } from './seat-account.ts'

/** The world as it is when a clause begins. */
export interface ClauseScene {
  readonly signer: readonly boolean[]
  readonly view: View
  readonly accounts: readonly SeatAccount[]
  readonly poolMicro: bigint
}

/**
 * [CTR-16] The memory of every hold-out, one for each seat that is bound without having signed. A signer that has no
 * shadow yet gets one from the account that it has.
 */
export function openHoldOuts(
  signer: readonly boolean[],
  bound: readonly boolean[],
  holdOuts: readonly (HoldOut | null)[],
  accounts: readonly SeatAccount[],
): (HoldOut | null)[] {
  return accounts.map((_, seat) => {
    if (bound[seat] !== true || signer[seat] === true) return null
    const before = holdOuts[seat] ?? { owed: [], received: NOTHING_PAID, shadows: [] }
    const shadows = accounts.map((account, other) =>
      signer[other] === true ? (before.shadows[other] ?? { ...account, paid: NOTHING_PAID }) : null,
    )
    return { ...before, shadows }
  })
}

/** What a clause would have done to one signer, had it done what the hold-out did. */
export interface Supposition {
  readonly shadow: Shadow
  readonly move: Move | null
  readonly payoutMicro: bigint
}

/**
 * What one clause would do to each signer, had that signer made the hold-out's request, catch and history: the law
 * looks at the signer's seat, but sees the hold-out's own variables there, and the hold-out's entry of every list.
 *
 * `payableMicro` is the pool with this clause's premiums in it. What other signers would pay it is a receipt. What hold-outs pay is left out: it is their conduct, not the signer's.
 *
 * Result  by seat; null for who has not signed.
 * Cost    one evaluation a signer, and n for each clause that pays a seat.
 * Source  spec/contract.md §5 [CTR-16] [CTR-17]
 */
export function suppose(
  scene: ClauseScene,
  clause: CompiledClause,
  holdOutSeat: number,
  holdOut: HoldOut,
  payableMicro: bigint,
): readonly (Supposition | null)[] {
  return holdOut.shadows.map((shadow, seat) => {
    if (shadow === null) return null
    const view = substitute(scene.view, seat, holdOutSeat)
    const decided = decideFor({ ...scene, view }, clause, seat, shadow)
    const received = receiptsOf({ ...scene, view }, clause, seat)
    const paid = add(shadow.paid, 'definiteMicro', -received)
    return chargeShadow({ ...shadow, paid }, decided, seat, payableMicro)
  })
}

function chargeShadow(
  shadow: Shadow,
  move: Move | null,
  seat: number,
  payableMicro: bigint,
): Supposition {
  if (move === null || isAction(move)) return { shadow, move, payoutMicro: 0n }
  const takenMicro = minBigint(move.amountMicro, fundsMicro(shadow, move.effect))
  const isPaidUp = takenMicro === move.amountMicro
  const payoutMicro = isPaidUp ? minBigint(move.payoutMicro, payableMicro + takenMicro) : 0n

  const charged = isRefund(move, seat)
    ? add(shadow.paid, 'escrowMicro', -takenMicro)
    : add(shadow.paid, kindOf(move.effect), takenMicro)
  const paid = add(charged, 'definiteMicro', -payoutMicro)
  const account = countViolation(take(shadow, move.effect, takenMicro), move.effect)
  return { shadow: { ...account, paid }, move, payoutMicro }
}

function receiptsOf(scene: ClauseScene, clause: CompiledClause, seat: number): bigint {
  const { primitive } = clause.then
  if (primitive !== 'transfer' && primitive !== 'release') return 0n
  let receivedMicro = 0n
  for (const [other, account] of scene.accounts.entries()) {
    if (other === seat || scene.signer[other] !== true) continue
    const move = decideFor(scene, clause, other, account)
    if (move === null || isAction(move) || move.to !== seat) continue
    receivedMicro += minBigint(move.amountMicro, fundsMicro(account, move.effect))
  }
  return receivedMicro
}

function decideFor(
  { view, accounts, poolMicro }: ClauseScene,
  clause: CompiledClause,
  seat: number,
  account: SeatAccount,
): Move | null {
  const sight = { ...account, poolMicro }
  const decided = decide(clause, observe(view, seat, accounts.length, sight))
  return decided.ok ? decided.value : null
}

/** [CTR-17] The least payout of a hold-out: the signers' mean, rounded down. */
export function computePayoutFloor(suppositions: readonly (Supposition | null)[]): bigint {
  return computeMean(suppositions.filter((one) => one !== null).map((one) => one.payoutMicro))
}

/** What may still be taken from a hold-out in a round: of each kind, and in all. */
export interface Allowance extends Tally {
  readonly totalMicro: bigint
}

/**
 * [CTR-16] [CTR-17] A hold-out's charges less its receipts are at most max(0, the signers' mean, rounded down), of each
 * kind and in all.
 */
export function computeAllowance({ received, shadows }: HoldOut): Allowance {
  const paid = shadows.filter((shadow) => shadow !== null).map((shadow) => shadow.paid)
  const allowed = (of: (tally: Tally) => bigint) => {
    const mean = computeMean(paid.map(of))
    return (mean > 0n ? mean : 0n) + of(received)
  }
  return {
    definiteMicro: allowed((tally) => tally.definiteMicro),
    escrowMicro: allowed((tally) => tally.escrowMicro),
    premiumMicro: allowed((tally) => tally.premiumMicro),
    totalMicro: allowed((tally) => tally.definiteMicro + tally.escrowMicro + tally.premiumMicro),
  }
}

function computeMean(amounts: readonly bigint[]): bigint {
  return amounts.length === 0 ? 0n : divideDown(sumBigint(amounts), BigInt(amounts.length))
}
