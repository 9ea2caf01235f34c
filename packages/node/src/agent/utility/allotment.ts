import {
  type BoundLaw,
  type CommonsParams,
  type CommonsState,
  commons,
  createLawState,
  type LawState,
} from '@commonweal/protocol'
import { rememberedEnforcer } from './remembered-enforcement.ts'

/**
 * The most that a law lets each seat harvest, by seat: what it makes of everybody requesting the whole stock. [AGT-8]
 *
 * Money that the law moves does not matter here, so it is given no collateral.
 */
export function computeAllotments(
  params: CommonsParams,
  state: CommonsState,
  law: BoundLaw,
): readonly number[] {
  const actions = law.bound.map(() => ({ action: BigInt(state.stock), absent: false }))
  const view = commons.viewSubmission(params, state, actions)
  const empty = emptyState(actions.length)
  const enforced = rememberedEnforcer.enforceSubmission(
    law,
    empty,
    view,
    actions.map(({ action }) => action),
  )
  return actions.map(({ action }, seat) => Number(enforced.actions[seat] ?? action))
}

const emptyStates = new Map<number, LawState>()

/** A state without money; one object for each number of seats, of which there are few. */
function emptyState(seatCount: number): LawState {
  const known = emptyStates.get(seatCount)
  if (known !== undefined) return known
  const made = createLawState(Array.from({ length: seatCount }, () => 0n))
  emptyStates.set(seatCount, made)
  return made
}
