import type { CommonsParams, Regeneration } from '@commonweal/protocol'
import { anyTotal, planHarvest } from '../../commons/harvest-plan.ts'
import { createRenewal } from '../../commons/renewal.ts'
import { canonicalJson } from '../canonical-json.ts'

/** Above it the dynamic programme, quadratic in the capacity, takes too long to be worth it. */
const PLANNED_CAPACITY_MAX = 500

const known = new Map<string, number>()

/**
 * The greatest expected total harvest of a run, by whoever decides for all seats and knows what agents know: with what the last
 * round leaves nobody, so 650 and not 600 for the default commons.
 *
 * Result  null where it is not computed: the rate depends on the past, or the capacity is large.
 */
export function computeFirstBest(params: CommonsParams, seatCount: number): number | null {
  const ratesPercent = ratesOf(params.regeneration)
  if (ratesPercent === null || params.capacity > PLANNED_CAPACITY_MAX) return null
  const isInformed = params.regeneration.mode === 'private-signal'
  const drawn: CommonsParams = { ...params, regeneration: { mode: 'iid', ratesPercent } }
  const { capacity, rounds, collapseBelow } = params
  const key = canonicalJson({ isInformed, ratesPercent, capacity, rounds, collapseBelow })
  const found =
    known.get(key) ??
    planHarvest(createRenewal(drawn, seatCount), { isInformed, totals: anyTotal }).value
  known.set(key, found)
  return found
}

/** One rate is a draw among one. */
function ratesOf(regeneration: Regeneration): readonly number[] | null {
  switch (regeneration.mode) {
    case 'deterministic':
      return [regeneration.ratePercent]
    case 'iid':
    case 'private-signal':
      return regeneration.ratesPercent
    case 'hysteresis':
      return null
  }
}
