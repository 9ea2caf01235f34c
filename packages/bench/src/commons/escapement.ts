import { computeRequest } from '@commonweal/node/agent'
import {
  type CommonsMetrics,
  type CommonsRow,
  type CommonsState,
  commons,
  commonsParamsSchema,
  computeMetrics,
  type SeatAction,
  settleRound,
} from '@commonweal/protocol'
import { createRenewal } from './renewal.ts'

/**
 * Expected metrics where every seat leaves the stock at `target`, and nobody knows the rates: all draws of all rounds are
 * enumerated, so nothing is estimated.
 *
 * Cost    2^rounds runs that share their beginnings: 8,190 rounds for the default 12.
 */
export function measureEscapement(target: number, seatCount: number): CommonsMetrics {
  const params = commonsParamsSchema.parse({ regeneration: { mode: 'iid' } })
  const { draws } = createRenewal(params, seatCount)
  const sums = { m: 0, q: 0, R: 0, u: 0, u12: 0, e: 0, o: 0 }
  const playOn = (state: CommonsState, rows: readonly CommonsRow[], chance: number): void => {
    if (commons.isEnded(params, state)) {
      const metrics = computeMetrics(params, seatCount, rows)
      for (const name of METRICS) sums[name] += chance * metrics[name]
      return
    }
    for (const randomness of draws) {
      const settled = settleRound(commons, {
        params,
        state,
        actions: requestAll(state, target, seatCount),
        laws: [],
        randomness,
      })
      playOn(settled.state, [...rows, settled.row], chance / draws.length)
    }
  }
  playOn(commons.start(params, seatCount), [], 1)
  return sums
}

function requestAll(state: CommonsState, target: number, seatCount: number): readonly SeatAction[] {
  const request = computeRequest({ name: 'escapement', target }, state.stock, seatCount)
  return Array.from({ length: seatCount }, () => ({ action: BigInt(request), absent: false }))
}

const METRICS = ['m', 'q', 'R', 'u', 'u12', 'e', 'o'] as const
