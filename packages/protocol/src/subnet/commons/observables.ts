import type { Language, ValueType, View } from '../../contract/language.ts'
import type { SeatAction } from '../subnet.ts'
import type { CommonsParams } from './params.ts'
import type { CommonsOutcome, CommonsState } from './state.ts'

const INT: ValueType = { type: 'int' }

/**
 * What a law about a commons may name. [COM-9]
 *
 * Never: the rate r, messages, intentions. `history` is the seat's own past requests, oldest first.
 */
export function commonsLanguage(params: CommonsParams, seatCount: number): Language {
  const stock = { round: INT, stock: INT }
  if (params.language === 'stock-cap') {
    return {
      name: 'commons/stock-cap',
      verb: 'harvest',
      submission: stock,
      settlement: {},
      primitives: ['cap'],
      lawVariables: [],
    }
  }
  const bySeat: ValueType = { type: 'list', lengthMax: seatCount }
  const submission = {
    ...stock,
    requests: bySeat,
    absent: bySeat,
    history: { type: 'list', lengthMax: params.rounds } as const,
  }
  return {
    name: 'commons/full',
    verb: 'harvest',
    submission,
    settlement: { ...submission, catches: bySeat, stockAfter: INT },
  }
}

/** What is to be seen when the requests are in; `stock` is that before the harvest. */
export function commonsSubmissionView(
  params: CommonsParams,
  state: CommonsState,
  actions: readonly SeatAction[],
): View {
  const common = { round: BigInt(state.round), stock: BigInt(state.stock) }
  if (params.language === 'stock-cap') {
    return { common, bySeat: {}, own: actions.map(() => ({})) }
  }
  const bySeat = {
    requests: actions.map((seat) => seat.action),
    absent: actions.map((seat) => (seat.absent ? 1n : 0n)),
  }
  return new FullView(common, bySeat, state)
}

/** The same after the round, with what came of it; `stockAfter` is the new stock. */
export function commonsSettlementView(
  params: CommonsParams,
  state: CommonsState,
  actions: readonly SeatAction[],
  outcome: CommonsOutcome,
  next: CommonsState,
): View {
  const view = commonsSubmissionView(params, state, actions)
  if (params.language === 'stock-cap') return view
  const common = { ...view.common, stockAfter: BigInt(next.stock) }
  const bySeat = { ...view.bySeat, catches: outcome.catches.map(BigInt) }
  return new FullView(common, bySeat, state)
}

/** A view with the histories of all seats. They grow with the run and few laws read them: they are made at the first look. */
class FullView implements View {
  readonly common: View['common']
  readonly bySeat: View['bySeat']
  readonly #state: CommonsState
  #own: View['own'] | undefined

  constructor(common: View['common'], bySeat: View['bySeat'], state: CommonsState) {
    this.common = common
    this.bySeat = bySeat
    this.#state = state
  }

  get own(): View['own'] {
    const { requests, seatCount } = this.#state
    this.#own ??= Array.from({ length: seatCount }, (_, seat) => ({
      history: requests.map((round) => BigInt(round[seat] ?? 0)),
    }))
    return this.#own
  }
}
