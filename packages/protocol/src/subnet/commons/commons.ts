import type { Language, View } from '../../contract/language.ts'
import type { PlayedAction, RoundRandomness, SeatAction, Subnet } from '../subnet.ts'
import { commonsLanguage, commonsSettlementView, commonsSubmissionView } from './observables.ts'
import { type CommonsParams, commonsParamsSchema, REQUEST_MAX } from './params.ts'
import { ration } from './rationing.ts'
import { drawRatePercent, nextRegime, regenerate } from './regeneration.ts'
import type { CommonsOutcome, CommonsRow, CommonsState } from './state.ts'

/**
 * A renewable resource that all seats harvest: the fishery of GovSim, with contracts. spec/commons.md
 *
 * An action is a harvest request, an integer in 0 … REQUEST_MAX; an absent seat requests nothing.
 */
export const commons: Subnet<CommonsParams, CommonsState, CommonsOutcome, CommonsRow> = {
  kind: 'commons',
  paramsSchema: commonsParamsSchema,

  language(params: CommonsParams, seatCount: number): Language {
    return commonsLanguage(params, seatCount)
  },

  // [COM-10] Nobody can gain more in a round than the whole stock at the greatest value.
  sealBondMicro(params: CommonsParams): bigint {
    const valuePercent = Math.max(100, ...params.valuesPercent)
    return (params.unitMicro * BigInt(params.capacity) * BigInt(valuePercent) + 99n) / 100n
  },

  hasSignal(params: CommonsParams): boolean {
    return params.regeneration.mode === 'private-signal'
  },

  start(params: CommonsParams, seatCount: number): CommonsState {
    return {
      round: 1,
      stock: params.capacity,
      seatCount,
      regime: 'healthy',
      status: 'open',
      recentCatches: [],
      requests: [],
    }
  },

  isEnded(_params: CommonsParams, state: CommonsState): boolean {
    return state.status !== 'open'
  },

  actionMax(): bigint {
    return BigInt(REQUEST_MAX)
  },

  defaultAction(): bigint {
    return 0n
  },

  viewSubmission(params: CommonsParams, state: CommonsState, actions: readonly SeatAction[]): View {
    return commonsSubmissionView(params, state, actions)
  },

  // [COM-5]
  play(
    _params: CommonsParams,
    state: CommonsState,
    actions: readonly PlayedAction[],
    randomness: RoundRandomness,
  ): CommonsOutcome {
    const enforced = actions.map((seat) => Number(seat.enforced))
    return {
      requests: actions.map((seat) => Number(seat.action)),
      enforced,
      absent: actions.map((seat) => seat.absent),
      catches: ration(enforced, state.stock, randomness.beacon),
    }
  },

  // [COM-4] Steps 4 and 5: collapse is checked before renewal; the renewal is that of the regime during the harvest.
  advance(
    params: CommonsParams,
    state: CommonsState,
    outcome: CommonsOutcome,
    randomness: RoundRandomness,
  ): { readonly state: CommonsState; readonly row: CommonsRow } {
    let catchTotal = 0
    for (const got of outcome.catches) catchTotal += got
    const stockLeft = state.stock - catchTotal
    const ratePercent = drawRatePercent(params, state.regime, randomness)
    const status = computeStatus(params, state.round, stockLeft)
    const stockAfter =
      status === 'open' ? regenerate(stockLeft, ratePercent, params.capacity) : stockLeft
    const next = {
      ...computeRegime(params, state, catchTotal, randomness),
      round: status === 'open' ? state.round + 1 : state.round,
      stock: stockAfter,
      seatCount: state.seatCount,
      status,
      requests: [...state.requests, outcome.requests],
    }
    const row = {
      ...outcome,
      round: state.round,
      stockBefore: state.stock,
      catchTotal,
      stockLeft,
      ratePercent,
      stockAfter,
      regime: state.regime,
      status,
    }
    return { state: next, row }
  },

  viewSettlement(
    params: CommonsParams,
    state: CommonsState,
    actions: readonly SeatAction[],
    outcome: CommonsOutcome,
    next: CommonsState,
  ): View {
    return commonsSettlementView(params, state, actions, outcome, next)
  },
}

function computeStatus(
  params: CommonsParams,
  round: number,
  stockLeft: number,
): CommonsState['status'] {
  if (stockLeft < params.collapseBelow) return 'collapsed'
  return round >= params.rounds ? 'finished' : 'open'
}

function computeRegime(
  params: CommonsParams,
  state: CommonsState,
  catchTotal: number,
  randomness: RoundRandomness,
): Pick<CommonsState, 'regime' | 'recentCatches'> {
  const { regeneration } = params
  if (regeneration.mode !== 'hysteresis') return { regime: state.regime, recentCatches: [] }
  const recentCatches = [...state.recentCatches, catchTotal].slice(-regeneration.windowRounds)
  const regime = nextRegime(state.regime, regeneration, recentCatches, randomness.beacon)
  return { regime, recentCatches }
}
