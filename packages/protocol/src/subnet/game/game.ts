import type { Language, View } from '../../contract/language.ts'
import { present } from '../../invariant.ts'
import type { PlayedAction, RoundRandomness, SeatAction, Subnet } from '../subnet.ts'
import { signalState } from './hidden-state.ts'
import { matchSeats } from './matching.ts'
import { gameLanguage, gameSettlementView, gameSubmissionView } from './observables.ts'
import {
  actionCountOf,
  baseOf,
  type GameParams,
  gameParamsSchema,
  type MatrixGame,
} from './params.ts'
import { computeGainMax, computePairPayoffs, computeStatePayoffs } from './payoff.ts'
import type { GameOutcome, GameRow, GameState } from './state.ts'

/**
 * Games of given payoffs, played round after round, with effort or a state that contracts cannot name. spec/game.md
 *
 * An action is the index of a row. Payoffs are what seats want and move no token; laws do.
 */
export const game: Subnet<GameParams, GameState, GameOutcome, GameRow> = {
  kind: 'game',
  paramsSchema: gameParamsSchema,

  language(params: GameParams, seatCount: number): Language {
    return gameLanguage(params, seatCount)
  },

  // [GAM-7] Withholding a reveal changes a seat's own action and nothing else.
  sealBondMicro(params: GameParams): bigint {
    return params.unitMicro * BigInt(computeGainMax(params))
  },

  hasSignal(params: GameParams): boolean {
    return params.game.form === 'hidden-state'
  },

  start(_params: GameParams, seatCount: number): GameState {
    return { round: 1, seatCount, status: 'open', actions: [] }
  },

  isEnded(_params: GameParams, state: GameState): boolean {
    return state.status !== 'open'
  },

  actionMax(params: GameParams): bigint {
    return BigInt(actionCountOf(params) - 1)
  },

  defaultAction(params: GameParams): bigint {
    return BigInt(params.defaultAction)
  },

  viewSubmission(params: GameParams, state: GameState, actions: readonly SeatAction[]): View {
    return gameSubmissionView(params, state, actions)
  },

  // [GAM-6]
  play(
    params: GameParams,
    _state: GameState,
    actions: readonly PlayedAction[],
    randomness: RoundRandomness,
  ): GameOutcome {
    const enforced = actions.map((seat) => Number(seat.enforced))
    const submitted = {
      actions: actions.map((seat) => Number(seat.action)),
      enforced,
      absent: actions.map((seat) => seat.absent),
    }
    if (params.game.form === 'matrix') {
      return { ...submitted, ...playPairs(params.game, enforced, randomness), state: null }
    }
    const drawn = present(
      signalState(params, randomness.signal),
      'a game with a hidden state is given a signal',
    )
    return {
      ...submitted,
      partners: enforced.map((_, seat) => seat),
      payoffs: computeStatePayoffs(params.game, enforced, drawn),
      state: drawn,
    }
  },

  advance(
    params: GameParams,
    state: GameState,
    outcome: GameOutcome,
  ): { readonly state: GameState; readonly row: GameRow } {
    const status = state.round >= params.rounds ? 'finished' : 'open'
    const bases = outcome.actions.map((action) => baseOf(params, action))
    const next = {
      ...state,
      round: status === 'open' ? state.round + 1 : state.round,
      status,
      actions: [...state.actions, outcome.actions],
    } as const
    return { state: next, row: { ...outcome, round: state.round, bases, status } }
  },

  viewSettlement(
    params: GameParams,
    state: GameState,
    actions: readonly SeatAction[],
    outcome: GameOutcome,
  ): View {
    return gameSettlementView(params, state, actions, outcome)
  },
}

function playPairs(
  matrix: MatrixGame,
  actions: readonly number[],
  { beacon }: RoundRandomness,
): Pick<GameOutcome, 'partners' | 'payoffs'> {
  const partners = actions.map((_, seat) => seat)
  const payoffs = actions.map(() => 0)
  for (const [first, second] of matchSeats(matrix.matching, actions.length, beacon)) {
    const own = present(actions[first], 'every seat has an action')
    const other = present(actions[second], 'every seat has an action')
    const [gained, gainedByOther] = computePairPayoffs(matrix, own, other)
    partners[first] = second
    partners[second] = first
    payoffs[first] = gained
    payoffs[second] = gainedByOther
  }
  return { partners, payoffs }
}
