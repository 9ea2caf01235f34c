import { sumBigint } from '../integer.ts'
import { present } from '../invariant.ts'
import type { PaymentEffect } from './clause-move.ts'
import { divide } from './divide.ts'

/**
 * What a law holds and remembers: plain encodable data, lists by seat. [CTR-12]
 *
 * Money in custody is `collateralMicro`, `escrowMicro` and `poolMicro`; `premiumMicro` says who paid how much into the
 * pool, and is no money of its own.
 */
export interface LawState {
  readonly collateralMicro: readonly bigint[]
  readonly escrowMicro: readonly bigint[]
  readonly premiumMicro: readonly bigint[]
  readonly poolMicro: bigint
  /** How often a sanction or a graduated sanction has fired. */
  readonly violations: readonly number[]
  /** [CTR-16] Of every seat that is bound without having signed; null for the others. */
  readonly holdOuts: readonly (HoldOut | null)[]
}

/** What equal treatment remembers of a seat that is bound without having signed. [CTR-16] */
export interface HoldOut {
  /** What the law asks of it this round; taken, as far as is equal, when the round settles. */
  readonly owed: readonly Charge[]
  /** What it has got back this round. */
  readonly received: Tally
  /** For every signer, its account had it done all that this seat has done; null for the others. */
  readonly shadows: readonly (Shadow | null)[]
}

/** A payment that a law asks for. `to` is the seat that is paid, where it is a seat. */
export interface Charge {
  readonly clause: number
  readonly effect: PaymentEffect
  readonly to: number | null
  readonly amountMicro: bigint
}

/** One seat's account under a law. */
export interface SeatAccount {
  readonly collateralMicro: bigint
  readonly escrowMicro: bigint
  readonly premiumMicro: bigint
  readonly violations: number
}

export interface Shadow extends SeatAccount {
  /** Charges less receipts of this round. */
  readonly paid: Tally
}

/** Charges less receipts by what becomes of them: gone for good, held for the payer, or paid into the pool. [CTR-17] */
export interface Tally {
  readonly definiteMicro: bigint
  readonly escrowMicro: bigint
  readonly premiumMicro: bigint
}

export const NOTHING_PAID: Tally = { definiteMicro: 0n, escrowMicro: 0n, premiumMicro: 0n }

/** The state of a law that begins with this collateral by seat. */
export function createLawState(collateralMicro: readonly bigint[]): LawState {
  return {
    collateralMicro,
    escrowMicro: collateralMicro.map(() => 0n),
    premiumMicro: collateralMicro.map(() => 0n),
    poolMicro: 0n,
    violations: collateralMicro.map(() => 0),
    holdOuts: collateralMicro.map(() => null),
  }
}

/** What a law holds in custody, in micro-tokens. */
export function totalHeldMicro(state: LawState): bigint {
  return sumBigint(state.collateralMicro) + sumBigint(state.escrowMicro) + state.poolMicro
}

/**
 * The end of a law: collateral and escrow go back to who paid them, the pool to who paid premiums, pro rata. [CTR-15]
 *
 * Result  what is paid into the balance of each seat; sums to {@link totalHeldMicro} exactly.
 */
export function settleEnd(state: LawState): readonly bigint[] {
  const shares = divide(state.poolMicro, state.premiumMicro)
  return shares.map((share, seat) => {
    const collateral = present(state.collateralMicro[seat], 'every seat has a collateral')
    return collateral + present(state.escrowMicro[seat], 'every seat has an escrow') + share
  })
}
