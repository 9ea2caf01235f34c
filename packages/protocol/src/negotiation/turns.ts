import type { Cid } from '../codec/cid.ts'
import { ok, type Result, reject } from '../result.ts'

/** Turns of a negotiation unless the instance says otherwise. [AGT-1] */
export const TURNS_DEFAULT = 10

/** What every party knows before the first turn. */
export interface TurnRules {
  /** The round of the run in which the parties talk, from 1: it says who opens. */
  readonly round: number
  readonly seatCount: number
  /** How many seats must hold the same terms. */
  readonly quorum: number
  readonly turnsMax: number
}

/** What a speaker does with its turn. `reject` says no to the standing terms and is otherwise a pass. */
export type TurnMove =
  | { readonly move: 'propose'; readonly terms: Cid }
  | { readonly move: 'accept' }
  | { readonly move: 'reject' }
  | { readonly move: 'pass' }

/**
 * Where a negotiation stands.
 *
 * `holds[seat]`: the terms that the seat last proposed or accepted. `standing`: the terms last proposed.
 * `idleTurns`: how many turns in a row brought neither a proposal nor an acceptance.
 */
export interface TurnState {
  readonly turn: number
  readonly holds: readonly (Cid | null)[]
  readonly standing: Cid | null
  readonly idleTurns: number
  readonly outcome:
    | { readonly status: 'open' }
    | { readonly status: 'agreed'; readonly terms: Cid; readonly holders: readonly number[] }
    | { readonly status: 'closed' }
}

export type TurnCode = 'negotiation-over' | 'not-your-turn' | 'nothing-to-accept'

/** [AGT-2] ⌈4n/5⌉. */
export function defaultQuorum(seatCount: number): number {
  return Math.ceil((4 * seatCount) / 5)
}

/** [AGT-1] The speaker of turn k in round t is seat (t + k) mod n. */
export function speakerOf(rules: TurnRules, turn: number): number {
  return (rules.round + turn) % rules.seatCount
}

export function startTurns(rules: TurnRules): TurnState {
  return {
    turn: 0,
    holds: Array.from({ length: rules.seatCount }, () => null),
    standing: null,
    idleTurns: 0,
    outcome: rules.turnsMax === 0 ? { status: 'closed' } : { status: 'open' },
  }
}

/** The seats that hold these terms, ascending. */
export function holdersOf(state: TurnState, terms: Cid): readonly number[] {
  return state.holds.flatMap((held, seat) => (held === terms ? [seat] : []))
}

/**
 * One turn. [AGT-3] [AGT-4]
 *
 * | move      | standing  | the speaker holds |
 * |-----------|-----------|-------------------|
 * | `propose` | its terms | its terms         |
 * | `accept`  | as it was | the standing terms |
 * | `reject`, `pass` | as it was | what it held |
 *
 * Agreed as soon as `quorum` seats hold the same terms; closed after `turnsMax` turns, or when every seat in turn had
 * nothing to bring: `seatCount` idle turns in a row.
 *
 * Errors  'negotiation-over' reject · 'not-your-turn' reject · 'nothing-to-accept' reject
 */
export function takeTurn(
  rules: TurnRules,
  state: TurnState,
  seat: number,
  move: TurnMove,
): Result<TurnState, TurnCode> {
  if (state.outcome.status !== 'open') return reject('negotiation-over', { turn: state.turn })
  const speaker = speakerOf(rules, state.turn)
  if (seat !== speaker) return reject('not-your-turn', { turn: state.turn, seat, speaker })
  switch (move.move) {
    case 'propose':
      return ok(close(rules, hold(state, seat, move.terms)))
    case 'accept':
      if (state.standing === null) return reject('nothing-to-accept', { turn: state.turn })
      return ok(close(rules, hold(state, seat, state.standing)))
    case 'reject':
    case 'pass':
      return ok(close(rules, { ...state, turn: state.turn + 1, idleTurns: state.idleTurns + 1 }))
  }
}

function hold(state: TurnState, seat: number, terms: Cid): TurnState {
  return {
    turn: state.turn + 1,
    holds: state.holds.with(seat, terms),
    standing: terms,
    idleTurns: 0,
    outcome: state.outcome,
  }
}

function close(rules: TurnRules, state: TurnState): TurnState {
  if (state.standing !== null) {
    const holders = holdersOf(state, state.standing)
    if (holders.length >= rules.quorum) {
      return { ...state, outcome: { status: 'agreed', terms: state.standing, holders } }
    }
  }
  const isOver = state.turn >= rules.turnsMax || state.idleTurns >= rules.seatCount
  return isOver ? { ...state, outcome: { status: 'closed' } } : state
}
