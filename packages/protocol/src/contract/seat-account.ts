import type { PaymentEffect, PaymentMove } from './clause-move.ts'
import type { SeatAccount, Tally } from './law-state.ts'

/** What becomes of a payment, as a key of {@link Tally}. */
export type PaymentKind = keyof Tally

/** [CTR-17] Escrow comes back to its payer and a premium is a claim on the pool; all else is gone. */
export function kindOf(effect: PaymentEffect): PaymentKind {
  if (effect === 'escrow') return 'escrowMicro'
  return effect === 'insurance' ? 'premiumMicro' : 'definiteMicro'
}

/** [CTR-12] Whether a payment that is asked for counts as a violation of the seat that it is asked of. */
export function isViolation(effect: PaymentEffect): boolean {
  return effect === 'sanction' || effect === 'graduatedSanction'
}

/** What a seat can pay with: a release draws on its escrow, all else on its collateral. */
export function fundsMicro(account: SeatAccount, effect: PaymentEffect): bigint {
  return effect === 'release' ? account.escrowMicro : account.collateralMicro
}

/**
 * Takes a payment out of an account. What it moves within the account (into escrow, onto the record of premiums) is
 * done here; where the rest goes is the caller's. The amount is at most {@link fundsMicro}.
 */
export function take<A extends SeatAccount>(
  account: A,
  effect: PaymentEffect,
  amountMicro: bigint,
): A {
  switch (effect) {
    case 'release':
      return { ...account, escrowMicro: account.escrowMicro - amountMicro }
    case 'escrow':
      return {
        ...account,
        collateralMicro: account.collateralMicro - amountMicro,
        escrowMicro: account.escrowMicro + amountMicro,
      }
    case 'insurance':
      return {
        ...account,
        collateralMicro: account.collateralMicro - amountMicro,
        premiumMicro: account.premiumMicro + amountMicro,
      }
    default:
      return { ...account, collateralMicro: account.collateralMicro - amountMicro }
  }
}

/** The account with a violation more, where the payment counts as one. */
export function countViolation<A extends SeatAccount>(account: A, effect: PaymentEffect): A {
  return isViolation(effect) ? { ...account, violations: account.violations + 1 } : account
}

/** The tally with `amountMicro` more (a charge) or less (a receipt) of one kind. */
export function add(tally: Tally, kind: PaymentKind, amountMicro: bigint): Tally {
  return { ...tally, [kind]: tally[kind] + amountMicro }
}

/** A release to oneself gives back what was held: it is a receipt and owes nothing to anybody. */
export function isRefund({ effect, to }: PaymentMove, seat: number): boolean {
  return effect === 'release' && to === seat
}
