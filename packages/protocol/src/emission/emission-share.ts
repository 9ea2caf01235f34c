import type { AgentId } from '../identity/agent-id.ts'
import { minBigint, sumBigint } from '../integer.ts'
import { invariant } from '../invariant.ts'
import { WHOLE_BPS } from './log-table.ts'

/** A question that became final in the epoch, with what its reporters' weights earn. */
export interface EarningQuestion {
  /** The question's id: the source that its tokens keep. */
  readonly source: string
  /** The weight that the question was opened with, relative to the others of the epoch; above 0. */
  readonly weight: bigint
  /** Σ W of everybody, the house and those who were not awake included. */
  readonly totalMicro: bigint
  /** `earningMicroBps` of each reporter, from `scoreQuestion`. */
  readonly earnings: readonly { readonly agent: AgentId; readonly earningMicroBps: bigint }[]
  /** The most that the question may be paid for, where juries answer it; null without such a bound. [RES-11] */
  readonly budgetMaxMicro: bigint | null
}

/** Newly minted micro-tokens for one agent, for one question. */
export interface Payment {
  readonly source: string
  readonly agent: AgentId
  readonly amountMicro: bigint
}

export interface EmissionShares {
  /** In the order of the questions and, in one, of its earnings; every amount is above 0. */
  readonly payments: readonly Payment[]
  readonly unmintedMicro: bigint
}

/**
 * Shares an epoch's emission among those whose weight was awake and at stake.
 *
 * Shape   the questions that became final in the epoch, in (height, id) order; none is right too.
 * Units   micro-tokens (bigint, ≥ 0n).
 * Formula E_q = ⌊E · (w_1 + … + w_q)/Σw⌋ − E_1 − … − E_(q−1); e_iq = ⌊min(E_q, budgetMax) · earning_iq / (10⁴ · ΣW)⌋.
 * Result  Σ payments + unminted = E exactly: what the house, absent weight, the cap and rounding leave is not minted.
 * Errors  none: earnings above the whole are our own bug.
 * Source  spec/emission.md [EMI-7]
 */
export function shareEmission(
  emissionMicro: bigint,
  questions: readonly EarningQuestion[],
): EmissionShares {
  invariant(emissionMicro >= 0n, 'an emission is not negative')
  const weightTotal = sumBigint(questions.map(({ weight }) => weight))
  const payments: Payment[] = []
  let weightSoFar = 0n
  let budgetedMicro = 0n
  for (const { source, weight, totalMicro, earnings, budgetMaxMicro } of questions) {
    invariant(weight > 0n, 'a question has weight')
    weightSoFar += weight
    const partMicro = (emissionMicro * weightSoFar) / weightTotal - budgetedMicro
    budgetedMicro += partMicro
    const budgetMicro = budgetMaxMicro === null ? partMicro : minBigint(partMicro, budgetMaxMicro)
    const whole = BigInt(WHOLE_BPS) * totalMicro
    invariant(
      sumBigint(earnings.map(({ earningMicroBps }) => earningMicroBps)) <= whole,
      'no more weight earns than there is',
    )
    for (const { agent, earningMicroBps } of earnings) {
      const amountMicro = whole === 0n ? 0n : (budgetMicro * earningMicroBps) / whole
      if (amountMicro > 0n) payments.push({ source, agent, amountMicro })
    }
  }
  const paidMicro = sumBigint(payments.map(({ amountMicro }) => amountMicro))
  return { payments, unmintedMicro: emissionMicro - paidMicro }
}
