import {
  type BoundLaw,
  type CommonsParams,
  type CommonsState,
  commons,
  createLawState,
  enforceSubmission,
} from '@commonweal/protocol'

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
  const empty = createLawState(actions.map(() => 0n))
  const enforced = enforceSubmission(
    law,
    empty,
    view,
    actions.map(({ action }) => action),
  )
  return actions.map(({ action }, seat) => Number(enforced.actions[seat] ?? action))
}
