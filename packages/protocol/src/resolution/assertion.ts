import { invariant } from '../invariant.ts'

/** Of a losing bond the winner gets one half. [RES-6] */
const LOSER_DIVISOR = 2n
/** Of each bond a tenth is burned where the question is void. [RES-6] */
const VOID_DIVISOR = 10n

/** An assertion that has ended. Whoever disputed it bonded as much. */
export interface AssertionToSettle {
  readonly bondMicro: bigint
  readonly asserted: number
  /** Another outcome; null where nobody disputed. */
  readonly disputed: number | null
  /** What is final; null where the question is void. */
  readonly outcome: number | null
}

export interface SettledAssertion {
  /** What each gets back, with what it won. */
  readonly asserterMicro: bigint
  readonly disputerMicro: bigint
  readonly burnedMicro: bigint
}

/**
 * What becomes of the bonds of an assertion and of its dispute.
 *
 * Units   micro-tokens; halves and tenths are rounded down, and burning takes the rest of a half.
 * Formula undisputed: the bond goes back. Who named the final outcome gets its bond and ⌊b/2⌋ of the other, the rest is
 *         burned. Neither did: both are burned. Void: each gets b − ⌊b/10⌋.
 * Result  asserter + disputer + burned = all bonds, exactly.
 * Errors  none.
 * Source  spec/resolution.md [RES-6] · vectors/resolution.json
 */
export function settleAssertion(assertion: AssertionToSettle): SettledAssertion {
  const { bondMicro, asserted, disputed, outcome } = assertion
  invariant(bondMicro >= 0n, 'a bond is not negative')
  if (disputed === null) {
    invariant(outcome === asserted, 'what nobody disputes is final')
    return { asserterMicro: bondMicro, disputerMicro: 0n, burnedMicro: 0n }
  }
  invariant(disputed !== asserted, 'a dispute names another outcome')
  if (outcome === null) {
    const burnedMicro = bondMicro / VOID_DIVISOR
    const backMicro = bondMicro - burnedMicro
    return { asserterMicro: backMicro, disputerMicro: backMicro, burnedMicro: 2n * burnedMicro }
  }
  const wonMicro = bondMicro / LOSER_DIVISOR
  const burnedMicro = bondMicro - wonMicro
  const winnerMicro = bondMicro + wonMicro
  switch (outcome) {
    case asserted:
      return { asserterMicro: winnerMicro, disputerMicro: 0n, burnedMicro }
    case disputed:
      return { asserterMicro: 0n, disputerMicro: winnerMicro, burnedMicro }
    default:
      return { asserterMicro: 0n, disputerMicro: 0n, burnedMicro: 2n * bondMicro }
  }
}
