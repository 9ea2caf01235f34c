import {
  type BoundLaw,
  type CommonsParams,
  checkLaw,
  commons,
  createLawState,
  enforceSubmission,
  type Law,
  REQUEST_MAX,
} from '@commonweal/protocol'
import { stateAt } from './renewal.ts'

/** The most that a seat may harvest, by round and stock. */
export type Cap = (round: number, stock: number) => number

/**
 * What a law of the class `stock-cap` leaves of a request for everything, as the ledger would enforce it; each is asked once.
 *
 * Throws RangeError where the language of the commons does not admit the law.
 */
export function capOfLaw(params: CommonsParams, law: Law, seatCount: number): Cap {
  const checked = checkLaw(law, commons.language(params, seatCount))
  if (!checked.ok)
    throw new RangeError(`${params.language} does not admit the law: ${checked.error.code}`)
  // All seats are alike to a law that sees round and stock alone, so one is enough.
  const first = Array.from({ length: seatCount }, (_, seat) => seat === 0)
  const bound: BoundLaw = { law: checked.value, signer: first, bound: first }
  const lawState = createLawState(first.map(() => 0n))
  const actions = first.map(() => BigInt(REQUEST_MAX))
  const seats = actions.map((action) => ({ action, absent: false }))
  const known = new Map<number, number>()
  return (round, stock) => {
    const key = round * (params.capacity + 1) + stock
    const before = known.get(key)
    if (before !== undefined) return before
    const view = commons.viewSubmission(params, stateAt(params, seatCount, round, stock), seats)
    const { actions: enforced } = enforceSubmission(bound, lawState, view, actions)
    const cap = Math.min(stock, Number(enforced[0] ?? 0n))
    known.set(key, cap)
    return cap
  }
}
