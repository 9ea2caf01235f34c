import { minBigint, sumBigint } from '../integer.ts'
import { invariant, present } from '../invariant.ts'
import { decide, isAction, type Move, type PaymentEffect, type PaymentMove } from './clause-move.ts'
import { divide } from './divide.ts'
import type { EnforcementRecord, ShortfallCause } from './enforcement-record.ts'
import {
  type Allowance,
  computeAllowance,
  computePayoutFloor,
  openHoldOuts,
  type Supposition,
  suppose,
} from './equal-treatment.ts'
import { observe, type View } from './language.ts'
import type { CompiledClause } from './law.ts'
import {
  type Charge,
  type HoldOut,
  type LawState,
  NOTHING_PAID,
  type SeatAccount,
} from './law-state.ts'
import { add, countViolation, fundsMicro, isRefund, kindOf, take } from './seat-account.ts'

/** What one clause did, by seat; of each hold-out also what it would have done to each signer in its place. */
export interface ClauseOutcome {
  readonly moves: readonly (Move | null)[]
  readonly suppositions: readonly (readonly (Supposition | null)[])[]
}

/** The money that a law moved, and its state afterwards. Δcustody + Σ credits + burned = 0. [CTR-12] */
export interface ClosedBook {
  readonly state: LawState
  /** Paid into balances, by seat. */
  readonly creditsMicro: readonly bigint[]
  readonly burnedMicro: bigint
  readonly records: readonly EnforcementRecord[]
}

/**
 * The accounts of a law while one point of one round is enforced: the only mutable thing here, and local to that.
 *
 * A clause is first decided for every seat, on the accounts as they stand when it begins; then it pays, in the order of
 * seats; then the pool pays out. So no seat sees another's payment of the same clause. [CTR-10]
 */
export class LawBook {
  readonly records: EnforcementRecord[] = []
  readonly #signer: readonly boolean[]
  readonly #bound: readonly boolean[]
  readonly #view: View
  readonly #accounts: SeatAccount[]
  readonly #holdOuts: (HoldOut | null)[]
  readonly #creditsMicro: bigint[]
  #poolMicro: bigint
  #burnedMicro = 0n

  constructor(signer: readonly boolean[], bound: readonly boolean[], state: LawState, view: View) {
    this.#signer = signer
    this.#bound = bound
    this.#view = view
    this.#accounts = state.collateralMicro.map((collateralMicro, seat) => ({
      collateralMicro,
      escrowMicro: present(state.escrowMicro[seat], 'every seat has an escrow'),
      premiumMicro: present(state.premiumMicro[seat], 'every seat has a premium'),
      violations: present(state.violations[seat], 'every seat has a count of violations'),
    }))
    this.#holdOuts = openHoldOuts(signer, bound, state.holdOuts, this.#accounts)
    this.#creditsMicro = state.collateralMicro.map(() => 0n)
    this.#poolMicro = state.poolMicro
  }

  enforceClause(clause: CompiledClause): ClauseOutcome {
    const scene = {
      view: this.#view,
      signer: this.#signer,
      accounts: [...this.#accounts],
      poolMicro: this.#poolMicro,
    }
    const moves = this.#accounts.map((_, seat) => this.#decide(clause, seat))
    const payouts = moves.map((move, seat) => this.#charge(clause.index, move, seat))
    const suppositions = this.#holdOuts.map((holdOut, seat) => {
      if (holdOut === null) return []
      const supposed = suppose(scene, clause, seat, holdOut, this.#poolMicro)
      const shadows = supposed.map((one) => (one === null ? null : one.shadow))
      this.#changeHoldOut(seat, (before) => ({ ...before, shadows }))
      // [CTR-17] Signers may not divide among themselves a pool that others paid into.
      const floor = computePayoutFloor(supposed)
      payouts[seat] = maxBigint(payouts[seat] ?? 0n, floor)
      return supposed
    })
    this.#payOut(clause.index, payouts)
    return { moves, suppositions }
  }

  /** [CTR-16] Takes from each hold-out what the law asked of it this round, as far as its signers would have paid. */
  settleHoldOuts(): void {
    for (const [seat, holdOut] of this.#holdOuts.entries()) {
      if (holdOut === null) continue
      let allowance = computeAllowance(holdOut)
      for (const charge of holdOut.owed) allowance = this.#settleCharge(seat, charge, allowance)
      const shadows = holdOut.shadows.map((shadow) =>
        shadow === null ? null : { ...shadow, paid: NOTHING_PAID },
      )
      this.#holdOuts[seat] = { owed: [], received: NOTHING_PAID, shadows }
    }
  }

  close(): ClosedBook {
    return {
      state: {
        collateralMicro: this.#accounts.map((account) => account.collateralMicro),
        escrowMicro: this.#accounts.map((account) => account.escrowMicro),
        premiumMicro: this.#accounts.map((account) => account.premiumMicro),
        poolMicro: this.#poolMicro,
        violations: this.#accounts.map((account) => account.violations),
        holdOuts: this.#holdOuts,
      },
      creditsMicro: this.#creditsMicro,
      burnedMicro: this.#burnedMicro,
      records: this.records,
    }
  }

  #decide(clause: CompiledClause, seat: number): Move | null {
    if (this.#bound[seat] !== true) return null
    const sight = { ...this.#account(seat), poolMicro: this.#poolMicro }
    const decided = decide(clause, observe(this.#view, seat, this.#accounts.length, sight))
    if (decided.ok) return decided.value
    this.records.push({ kind: 'law-fault', clause: clause.index, seat, code: decided.error.code })
    return null
  }

  /** Carries out the payment of a move, or notes it down as owed. Returns what the pool is asked to pay back for it. */
  #charge(clause: number, move: Move | null, seat: number): bigint {
    if (move === null || isAction(move)) return 0n
    const { effect, to, amountMicro } = move
    const fundedMicro = fundsMicro(this.#account(seat), effect)
    this.#accounts[seat] = countViolation(this.#account(seat), effect)
    const charge = { clause, effect, to, amountMicro }
    if (this.#holdOuts[seat] === null || isRefund(move, seat)) this.#pay(seat, charge, amountMicro)
    else this.#owe(seat, charge)
    return this.#claimPayout(clause, move, seat, fundedMicro)
  }

  #claimPayout(clause: number, move: PaymentMove, seat: number, fundedMicro: bigint): bigint {
    if (move.payoutMicro === 0n || move.amountMicro <= fundedMicro) return move.payoutMicro
    // [CTR-14] Who does not pay the whole premium is not insured.
    this.#lack(clause, seat, 'insurance', move.payoutMicro, 'premium')
    return 0n
  }

  #owe(seat: number, charge: Charge): void {
    if (charge.amountMicro === 0n) return
    this.#changeHoldOut(seat, (before) => ({ ...before, owed: [...before.owed, charge] }))
  }

  #settleCharge(seat: number, charge: Charge, allowance: Allowance): Allowance {
    const kind = kindOf(charge.effect)
    const allowedMicro = minBigint(
      charge.amountMicro,
      maxBigint(0n, minBigint(allowance[kind], allowance.totalMicro)),
    )
    const { clause, effect, amountMicro } = charge
    const takenMicro = this.#pay(seat, charge, allowedMicro)
    this.#lack(clause, seat, effect, amountMicro - allowedMicro, 'equal-treatment')
    return {
      ...allowance,
      [kind]: allowance[kind] - takenMicro,
      totalMicro: allowance.totalMicro - takenMicro,
    }
  }

  /** [CTR-12] Moves min(allowed, what is left), and records what was missing. A law never makes debt. */
  #pay(seat: number, charge: Charge, allowedMicro: bigint): bigint {
    const { clause, effect, to, amountMicro } = charge
    const account = this.#account(seat)
    const takenMicro = minBigint(allowedMicro, fundsMicro(account, effect))
    this.#accounts[seat] = take(account, effect, takenMicro)
    this.#route(seat, effect, to, takenMicro)
    if (amountMicro > 0n) {
      this.records.push({
        kind: 'payment',
        clause,
        seat,
        effect,
        to,
        askedMicro: amountMicro,
        takenMicro,
      })
    }
    const source = effect === 'release' ? 'escrow' : 'collateral'
    this.#lack(clause, seat, effect, allowedMicro - takenMicro, source)
    return takenMicro
  }

  #route(from: number, effect: PaymentEffect, to: number | null, amountMicro: bigint): void {
    switch (effect) {
      case 'escrow':
        return
      case 'insurance':
        this.#poolMicro += amountMicro
        return
      case 'transfer':
      case 'release': {
        invariant(to !== null, 'a payment to a seat names it')
        this.#credit(to, amountMicro)
        this.#receive(to, to === from ? 'escrowMicro' : 'definiteMicro', amountMicro)
        return
      }
      case 'sanction':
      case 'graduatedSanction':
      case 'participationCost':
        this.#burnedMicro += amountMicro
        return
    }
  }

  /** [CTR-14] The pool pays what it is asked, or, where that is more than it has, all it has, pro rata. */
  #payOut(clause: number, askedMicro: readonly bigint[]): void {
    const asked = sumBigint(askedMicro)
    if (asked === 0n) return
    const paid = asked <= this.#poolMicro ? askedMicro : divide(this.#poolMicro, askedMicro)
    for (const [seat, paidMicro] of paid.entries()) {
      const amountMicro = askedMicro[seat] ?? 0n
      if (amountMicro === 0n) continue
      this.#poolMicro -= paidMicro
      this.#credit(seat, paidMicro)
      this.#receive(seat, 'definiteMicro', paidMicro)
      this.records.push({ kind: 'payout', clause, seat, askedMicro: amountMicro, paidMicro })
      this.#lack(clause, seat, 'insurance', amountMicro - paidMicro, 'pool')
    }
  }

  #lack(
    clause: number,
    seat: number,
    effect: PaymentEffect,
    missingMicro: bigint,
    cause: ShortfallCause,
  ): void {
    if (missingMicro === 0n) return
    this.records.push({ kind: 'shortfall', clause, seat, effect, missingMicro, cause })
  }

  #credit(seat: number, amountMicro: bigint): void {
    this.#creditsMicro[seat] = (this.#creditsMicro[seat] ?? 0n) + amountMicro
  }

  #receive(seat: number, kind: 'definiteMicro' | 'escrowMicro', amountMicro: bigint): void {
    if (this.#holdOuts[seat] === null) return
    this.#changeHoldOut(seat, (before) => ({
      ...before,
      received: add(before.received, kind, amountMicro),
    }))
  }

  #changeHoldOut(seat: number, change: (before: HoldOut) => HoldOut): void {
    const before = present(this.#holdOuts[seat], 'a hold-out has its memory')
    this.#holdOuts[seat] = change(before)
  }

  #account(seat: number): SeatAccount {
    return present(this.#accounts[seat], 'every seat has an account')
  }
}

function maxBigint(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
