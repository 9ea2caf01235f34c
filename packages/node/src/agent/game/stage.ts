import {
  actionCountOf,
  computePairPayoffs,
  computeStatePayoffs,
  type Digest,
  digestOf,
  type GameOutcome,
  game,
  type PlayedAction,
  type RoundLaw,
  settleEnd,
  settleRound,
} from '@commonweal/protocol'
import { fromString } from 'uint8arrays/from-string'
import type { GameSituation } from '../agent.ts'

/** One round of a game under a law, as one seat foresees it: what each pair of actions brings every seat. */
export interface Stage {
  readonly seat: number
  /** The seat on the other side: the partner, or in a game of all seats any other, all of whom play alike. */
  readonly other: number
  /** `[own action][the others' action]`: what each seat gets, laws included. */
  readonly payoffs: readonly (readonly (readonly number[])[])[]
  /** The largest |payoff| of the game itself: what values are measured by. */
  readonly scale: number
}

/** No round of a look-ahead is drawn: pairs and the state are given. */
const NO_CHANCE: Digest = digestOf(fromString('commonweal/look-ahead/game'))

/**
 * Foresees a round for all pairs of actions of a seat and the other side, by the same `settleRound` as the ledger. [AGT-14]
 *
 * Whoever is neither plays what it played last, at first the default. Where pairs are drawn, the partner is supposed to be
 * the one that fixed pairs would give.
 *
 * @param state the hidden state, where the game has one
 * Cost   n² rounds
 */
export function foreseeStage(
  situation: GameSituation,
  law: RoundLaw | null,
  state: number | null,
): Stage {
  const { params, seat, seats, history } = situation
  const other = partnerOf(seat, seats.length)
  const last = history.at(-1)?.actions ?? seats.map(() => params.defaultAction)
  const isPair = params.game.form === 'matrix'
  const actions = Array.from({ length: actionCountOf(params) }, (_, action) => action)
  const profile = (own: number, theirs: number): readonly number[] =>
    seats.map((_, index) => {
      if (index === seat) return own
      return index === other || !isPair ? theirs : (last[index] ?? params.defaultAction)
    })
  return {
    seat,
    other,
    payoffs: actions.map((own) =>
      actions.map((theirs) => foreseeRound(situation, profile(own, theirs), law, state)),
    ),
    scale: scaleOf(situation, state),
  }
}

/** The seat next to one's own; with an odd last seat, the first. */
export function partnerOf(seat: number, seatCount: number): number {
  const partner = seat % 2 === 0 ? seat + 1 : seat - 1
  return partner < seatCount ? partner : 0
}

/**
 * What each seat gets of a round with these actions: its payoff, and what the law pays it or takes from it. Of pairs only the
 * seat's own is played.
 */
export function foreseeRound(
  situation: GameSituation,
  actions: readonly number[],
  law: RoundLaw | null,
  state: number | null,
): readonly number[] {
  const { params, seats } = situation
  const played = seats.map((_, index) => ({ action: BigInt(actions[index] ?? 0), absent: false }))
  const settled = settleRound(
    { ...game, play: (_params, _state, enforced) => playAs(situation, enforced, state) },
    {
      params,
      state: situation.state,
      actions: played,
      laws: law === null ? [] : [law],
      randomness: { beacon: NO_CHANCE, signal: NO_CHANCE },
    },
  )
  const [after] = settled.laws
  const kept = law === null || after === undefined ? [] : settleEnd(after.state)
  const held = law === null ? [] : settleEnd(law.state)
  return settled.outcome.payoffs.map((payoff, index) => {
    const movedMicro =
      (settled.creditsMicro[index] ?? 0n) + (kept[index] ?? 0n) - (held[index] ?? 0n)
    return movedMicro === 0n ? payoff : payoff + Number(movedMicro) / Number(params.unitMicro)
  })
}

/** Plays a round in which a seat meets its partner, and in which the state is known. */
function playAs(
  { params, seat, seats }: GameSituation,
  played: readonly PlayedAction[],
  state: number | null,
): GameOutcome {
  const enforced = played.map((one) => Number(one.enforced))
  const submitted = {
    actions: played.map((one) => Number(one.action)),
    enforced,
    absent: played.map((one) => one.absent),
    state,
  }
  if (params.game.form === 'hidden-state') {
    const payoffs = computeStatePayoffs(params.game, enforced, state ?? 0)
    return { ...submitted, partners: seats.map((_, index) => index), payoffs }
  }
  const other = partnerOf(seat, seats.length)
  const [row, column] = seat < other ? [seat, other] : [other, seat]
  const [first, second] = computePairPayoffs(params.game, enforced[row] ?? 0, enforced[column] ?? 0)
  return {
    ...submitted,
    partners: seats.map((_, index) => (index === row ? column : index === column ? row : index)),
    payoffs: seats.map((_, index) => (index === row ? first : index === column ? second : 0)),
  }
}

function scaleOf({ params, seats }: GameSituation, state: number | null): number {
  const { game: rules } = params
  if (rules.form === 'hidden-state') {
    const alone = computeStatePayoffs(rules, [1, ...seats.slice(1).map(() => 0)], state ?? 0)
    const all = computeStatePayoffs(rules, [0, ...seats.slice(1).map(() => 1)], state ?? 0)
    return Math.max(...[...alone, ...all].map(Math.abs)) || 1
  }
  return Math.max(...[...rules.row, ...(rules.column ?? [])].flat().map(Math.abs)) || 1
}
