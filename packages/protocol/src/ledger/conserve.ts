import { sumBigint } from '../integer.ts'
import { type Account, accounts } from './account.ts'
import type { Ledger } from './draft.ts'
import { holds, treasuryOf } from './money.ts'

/** All value of a network by where it is, in micro-tokens. */
export interface Totals {
  readonly balancesMicro: bigint
  readonly bondsMicro: bigint
  readonly holdsMicro: bigint
  /** Collateral, escrows and pools of agreements. */
  readonly lawsMicro: bigint
  /** Locks of forecasters, and what is on its way out of them. */
  readonly locksMicro: bigint
  readonly faucetMicro: bigint
  readonly issuedMicro: bigint
  readonly burnedMicro: bigint
  /** balances + bonds + holds + laws + locks + faucet − (issued − burned): 0 after every block. [LED-4] */
  readonly errorMicro: bigint
}

/** Counts everything, from the entries alone. O(size of the ledger): for checks, not for blocks. */
export function computeTotals(
  ledger: Ledger,
  { lawsMicro, locksMicro }: Pick<Totals, 'lawsMicro' | 'locksMicro'>,
): Totals {
  const all: Account[] = [...accounts.entries(ledger)].map(([, account]) => account)
  const balancesMicro = sumBigint(all.map((account) => account.balanceMicro))
  const bondsMicro = sumBigint(
    all.flatMap((account) => [
      account.bondMicro,
      ...account.unbonding.map((entry) => entry.amountMicro),
    ]),
  )
  const holdsMicro = sumBigint([...holds.entries(ledger)].map(([, hold]) => hold.amountMicro))
  const { issuedMicro, burnedMicro, faucetMicro } = treasuryOf(ledger)
  const errorMicro =
    balancesMicro +
    bondsMicro +
    holdsMicro +
    lawsMicro +
    locksMicro +
    faucetMicro -
    (issuedMicro - burnedMicro)
  return {
    balancesMicro,
    bondsMicro,
    holdsMicro,
    lawsMicro,
    locksMicro,
    faucetMicro,
    issuedMicro,
    burnedMicro,
    errorMicro,
  }
}
