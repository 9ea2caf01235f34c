import { computeTotals, type Totals } from '../ledger/conserve.ts'
import type { Ledger } from '../ledger/draft.ts'
import { lawsTotalMicro } from './agreement-end.ts'
import { marketTotalMicro } from './forecast/market.ts'

/** Counts all value of a ledger; `errorMicro` is 0 after every block. [LED-4] */
export function computeChainTotals(ledger: Ledger): Totals {
  return computeTotals(ledger, {
    lawsMicro: lawsTotalMicro(ledger),
    locksMicro: marketTotalMicro(ledger),
  })
}
