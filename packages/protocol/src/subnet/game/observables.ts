import type { Language, ValueType, View } from '../../contract/language.ts'
import type { Primitive } from '../../contract/terms.ts'
import type { SeatAction } from '../subnet.ts'
import { baseOf, type GameParams } from './params.ts'
import type { GameOutcome, GameState } from './state.ts'

const INT: ValueType = { type: 'int' }

/** A charge on a seat, and nothing that reaches another. */
const CHARGES: readonly Primitive['primitive'][] = ['sanction', 'participationCost']

/**
 * All but `cap` and `override`: they act on the action itself, and a law that set one would set the effort that its language
 * has no word for.
 */
const PAYMENTS: readonly Primitive['primitive'][] = [
  ...CHARGES,
  'transfer',
  'escrow',
  'release',
  'graduatedSanction',
  'insurance',
]

/** What a law about a game may name. [GAM-8] */
export function gameLanguage(params: GameParams, seatCount: number): Language {
  const name = `game/${params.language}`
  const verb = 'play'
  const own = { round: INT, base: INT }
  if (params.language === 'own-action') {
    const lawVariables = ['self', 'n']
    return { name, verb, submission: own, settlement: {}, primitives: CHARGES, lawVariables }
  }
  const bySeat: ValueType = { type: 'list', lengthMax: seatCount }
  const bases = { ...own, bases: bySeat, absent: bySeat }
  const isMatrix = params.game.form === 'matrix'
  const met = isMatrix ? { partner: INT } : {}
  if (params.language === 'base-actions') {
    const settlement = { ...bases, ...met }
    return { name, verb, submission: bases, settlement, primitives: PAYMENTS }
  }
  const history: ValueType = { type: 'list', lengthMax: params.rounds }
  const submission = { ...bases, actions: bySeat, history }
  const settlement = { ...submission, ...met, payoffs: bySeat, ...(isMatrix ? {} : { state: INT }) }
  return { name, verb, submission, settlement }
}

/** What is to be seen when the actions are in. */
export function gameSubmissionView(
  params: GameParams,
  state: GameState,
  seats: readonly SeatAction[],
): View {
  const bases = seats.map(({ action }) => BigInt(baseOf(params, Number(action))))
  const common = { round: BigInt(state.round) }
  if (params.language === 'own-action') {
    return { common, bySeat: {}, own: bases.map((base) => ({ base })) }
  }
  const absent = seats.map((seat) => (seat.absent ? 1n : 0n))
  if (params.language === 'base-actions') {
    return { common, bySeat: { bases, absent }, own: bases.map((base) => ({ base })) }
  }
  return {
    common,
    bySeat: { bases, absent, actions: seats.map(({ action }) => action) },
    own: bases.map((base, seat) => ({
      base,
      history: state.actions.map((actions) => BigInt(actions[seat] ?? 0)),
    })),
  }
}

/** The same after the round, with who met whom and what came of it. */
export function gameSettlementView(
  params: GameParams,
  state: GameState,
  seats: readonly SeatAction[],
  outcome: GameOutcome,
): View {
  const view = gameSubmissionView(params, state, seats)
  if (params.language === 'own-action')
    return { common: {}, bySeat: {}, own: seats.map(() => ({})) }
  const isMatrix = params.game.form === 'matrix'
  const own = view.own.map((before, seat) =>
    isMatrix ? { ...before, partner: BigInt(outcome.partners[seat] ?? seat) } : before,
  )
  if (params.language === 'base-actions') return { ...view, own }
  const { state: drawn } = outcome
  return {
    common: drawn === null ? view.common : { ...view.common, state: BigInt(drawn) },
    bySeat: { ...view.bySeat, payoffs: outcome.payoffs.map(BigInt) },
    own,
  }
}
