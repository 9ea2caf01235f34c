import type { ActionEffect, LawFault, PaymentEffect } from './clause-move.ts'

/** What a law did to a seat, or could not do. `clause` is the index in the law. [CTR-18] */
export type EnforcementRecord = { readonly seat: number } & (
  | {
      readonly kind: 'action'
      readonly clause: number
      readonly effect: ActionEffect
      readonly before: bigint
      readonly after: bigint
    }
  /** What the law made of the action of a seat that did not sign was too little: it became `after`. */
  | { readonly kind: 'equal-treatment'; readonly before: bigint; readonly after: bigint }
  | {
      readonly kind: 'payment'
      readonly clause: number
      readonly effect: PaymentEffect
      /** The seat that was paid, where it was a seat. */
      readonly to: number | null
      readonly askedMicro: bigint
      readonly takenMicro: bigint
    }
  | {
      readonly kind: 'payout'
      readonly clause: number
      readonly askedMicro: bigint
      readonly paidMicro: bigint
    }
  | {
      readonly kind: 'shortfall'
      readonly clause: number
      readonly effect: PaymentEffect
      readonly missingMicro: bigint
      readonly cause: ShortfallCause
    }
  | { readonly kind: 'law-fault'; readonly clause: number; readonly code: LawFault }
)

/** What was missing: collateral, escrow, a premium paid in full, money in the pool, or what the signers would pay. */
export type ShortfallCause = 'collateral' | 'escrow' | 'premium' | 'pool' | 'equal-treatment'
