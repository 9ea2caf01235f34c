import type { Cid } from '../codec/cid.ts'
import { settleEnd, totalHeldMicro } from '../contract/law-state.ts'
import { sumBigint } from '../integer.ts'
import { invariant, present } from '../invariant.ts'
import type { Ledger } from '../ledger/draft.ts'
import { adjust } from '../ledger/money.ts'
import type { ChainEvent } from './event.ts'
import { headOf } from './head.ts'
import { agreements, changeRun, endedAgreements, runs } from './instance.ts'
import type { Work } from './work.ts'

type Ending = Extract<ChainEvent, { readonly kind: 'agreement-ended' }>['why']

/** Ends an agreement: escrow to its payers, the pool pro rata to premiums, collateral back. [AGR-9] */
export function endAgreement(work: Work, id: Cid, why: Ending): void {
  const agreement = present(agreements.find(work.ledger, id), 'an agreement ends once')
  const run = present(runs.find(work.ledger, agreement.subnet), 'an agreement has its run')
  const { lawState } = agreement
  const returnedMicro = lawState === null ? run.seats.map(() => 0n) : settleEnd(lawState)
  invariant(
    sumBigint(returnedMicro) === (lawState === null ? 0n : totalHeldMicro(lawState)),
    'the end of a law pays out exactly what it held',
  )
  for (const [seat, agent] of run.seats.entries()) {
    adjust(work, { kind: 'balance', agent }, returnedMicro[seat] ?? 0n)
  }
  agreements.delete(work, id)
  const [fromEpoch] = agreement.terms.rounds
  if (fromEpoch >= headOf(work.ledger).epoch) endedAgreements.put(work, id, { fromEpoch })
  changeRun(work, agreement.subnet, (before) => ({
    ...before,
    agreements: before.agreements.filter((other) => other !== id),
  }))
  work.events.push({ kind: 'agreement-ended', id, returnedMicro, why })
}

/**
 * Ends an agreement before this epoch's round: at once, or, where it governs an earlier one still, after that.
 * [AGR-7] [AGR-8]
 */
export function endBefore(work: Work, id: Cid, epoch: number, why: Ending): void {
  const agreement = present(agreements.find(work.ledger, id), 'an agreement ends once')
  if (epoch <= headOf(work.ledger).epoch || epoch <= agreement.terms.rounds[0]) {
    endAgreement(work, id, why)
    return
  }
  agreements.put(work, id, { ...agreement, until: Math.min(agreement.until, epoch - 1) })
}

/** What all laws of a ledger hold. */
export function lawsTotalMicro(ledger: Ledger): bigint {
  let totalMicro = 0n
  for (const [, agreement] of agreements.entries(ledger)) {
    if (agreement.lawState !== null) totalMicro += totalHeldMicro(agreement.lawState)
  }
  return totalMicro
}
