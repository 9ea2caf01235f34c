import { closeHold, openHold } from '../ledger/money.ts'
import { ignore, ok, type Result } from '../result.ts'
import { changeRun, instances, runs, seatHoldId } from './instance.ts'
import type { TransactionOf, Work } from './work.ts'

export type SeatCode =
  | 'unknown-instance'
  | 'seats-closed'
  | 'already-seated'
  | 'seats-full'
  | 'cannot-fund-seat'
  | 'not-seated'

/**
 * Takes a seat from the next run on, and sets its bond aside. [SUB-3]
 *
 * Seats change only between runs, so an instance that does not repeat takes nobody once it runs.
 */
export function applySeat(work: Work, tx: TransactionOf<'seat'>): Result<void, SeatCode> {
  const instance = instances.find(work.ledger, tx.subnet)
  const run = runs.find(work.ledger, tx.subnet)
  if (instance === undefined || run === undefined) {
    return ignore('unknown-instance', { subnet: tx.subnet })
  }
  if (!instance.repeat) return ignore('seats-closed', { subnet: tx.subnet })
  if (run.seats.includes(tx.author) || run.joining.includes(tx.author)) {
    return ignore('already-seated', { subnet: tx.subnet })
  }
  const held = run.seats.length + run.joining.length - run.leaving.length
  if (held >= instance.seatCountMax) return ignore('seats-full', { limit: instance.seatCountMax })
  const bonded = openHold(work, seatHoldId(tx.subnet, tx.author), {
    owner: tx.author,
    purpose: 'seat',
    subnet: tx.subnet,
    amountMicro: instance.seatBondMicro,
  })
  if (!bonded) return ignore('cannot-fund-seat', { bond: instance.seatBondMicro })
  changeRun(work, tx.subnet, (before) => ({ ...before, joining: [...before.joining, tx.author] }))
  return ok(undefined)
}

/** Gives up a seat: at the end of the run, or at once where it was still waiting for one. [SUB-3] */
export function applyLeave(work: Work, tx: TransactionOf<'leave'>): Result<void, SeatCode> {
  const run = runs.find(work.ledger, tx.subnet)
  if (run === undefined) return ignore('unknown-instance', { subnet: tx.subnet })
  if (run.joining.includes(tx.author)) {
    changeRun(work, tx.subnet, (before) => ({
      ...before,
      joining: before.joining.filter((agent) => agent !== tx.author),
    }))
    closeHold(work, seatHoldId(tx.subnet, tx.author), 'owner')
    return ok(undefined)
  }
  const isSeated = run.status === 'running' && run.seats.includes(tx.author)
  if (!isSeated || run.leaving.includes(tx.author)) {
    return ignore('not-seated', { subnet: tx.subnet })
  }
  changeRun(work, tx.subnet, (before) => ({ ...before, leaving: [...before.leaving, tx.author] }))
  return ok(undefined)
}
