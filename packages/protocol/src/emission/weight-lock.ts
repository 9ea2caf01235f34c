import { minBigint } from '../integer.ts'
import { invariant } from '../invariant.ts'

/** Tokens that an agent has locked, and the forecasting weight that they became. [EMI-8] */
export interface WeightLock {
  readonly lockedMicro: bigint
  readonly weightMicro: bigint
}

/** What closing a lock does. Locked tokens are returned or burned, all of them. */
export interface ClosedLock {
  /** To the owner, when `unbondingEpochs` have passed. As much weight ends with it. */
  readonly returnedMicro: bigint
  readonly burnedMicro: bigint
  /** Weight, not tokens, that was won beyond the lock: what the house takes over. */
  readonly houseWeightMicro: bigint
}

/** Opens a lock, or adds to one: tokens and weight grow by the same amount, above 0. [EMI-8] */
export function topUpLock(lock: WeightLock | null, amountMicro: bigint): WeightLock {
  invariant(amountMicro > 0n, 'a lock is opened with something')
  return {
    lockedMicro: (lock?.lockedMicro ?? 0n) + amountMicro,
    weightMicro: (lock?.weightMicro ?? 0n) + amountMicro,
  }
}

/**
 * What an agent gets back that closes its lock. Weight that was lost is lost as money; weight that was won was never money.
 *
 * Units   micro-tokens, but `houseWeightMicro`: micro-units of weight.
 * Formula returned = min(b, W); burned = b − returned; the house gets W − returned.
 * Source  spec/emission.md [EMI-8]
 */
export function closeLock({ lockedMicro, weightMicro }: WeightLock): ClosedLock {
  const returnedMicro = minBigint(lockedMicro, weightMicro)
  return {
    returnedMicro,
    burnedMicro: lockedMicro - returnedMicro,
    houseWeightMicro: weightMicro - returnedMicro,
  }
}
