import type { Prosociality } from '@commonweal/node/agent'
import {
  type AgentId,
  type BoundLaw,
  computePairPayoffs,
  type Digest,
  digestOf,
  type GameParams,
  type GameState,
  game,
  type LawState,
  type RoundLaw,
  settleEnd,
  settleRound,
} from '@commonweal/protocol'
import {
  type MixedStrategy,
  solveLogit,
  type WeightedValues,
} from '../../games/quantal-response.ts'
import { Random } from '../../simulator/engine/random.ts'
import type { GamePolicy } from './game-policy.ts'

/** What a seat may observe of a round of a game before it acts. */
export interface GameView {
  readonly params: GameParams
  readonly state: GameState
  readonly seat: number
  readonly agent: AgentId
  readonly law: { readonly bound: BoundLaw; readonly state: LawState } | null
  /** What announces a hidden state; null in a game that has none. */
  readonly signal: Digest | null
}

/**
 * The action of a closed-form agent.
 *
 * It looks ahead one round, under the law in force, and supposes that all others are like it and act alike: which is exact for
 * two seats of one weight.
 */
export function chooseAction(
  policy: GamePolicy,
  prosociality: Prosociality,
  view: GameView,
): number {
  if (policy.name === 'always') return policy.action
  const { params, seat } = view
  const isColumn = params.game.form === 'matrix' && params.game.column !== null && seat % 2 === 1
  const { row, column } = solveLogit(valuesOf(view, prosociality, isColumn), policy.beta)
  const chances = isColumn ? column : row
  return policy.name === 'utility' ? mostLikely(chances) : draw(chances, view)
}

/** The first of the most likely; chances that differ by less than a fixed point's tolerance are equal. */
function mostLikely(chances: MixedStrategy): number {
  const greatest = Math.max(...chances)
  return chances.findIndex((chance) => chance >= greatest - TIE)
}

const TIE = 1e-5

/** Fixed by who draws and when, so that an agent is a function of what it sees. */
function draw(chances: MixedStrategy, { agent, state }: GameView): number {
  const random = new Random(`${agent}/${state.round}`, 'quantal')
  let left = random.next() / 2 ** 32
  for (const [action, chance] of chances.entries()) {
    left -= chance
    if (left < 0) return action
  }
  return chances.length - 1
}

/** V = u − charges + λ·W on the scale of α, payoffs divided by the largest. */
function valuesOf(view: GameView, { alpha }: Prosociality, isColumn: boolean): WeightedValues {
  const actions = Array.from(
    { length: Number(game.actionMax(view.params, view.state)) + 1 },
    (_, action) => action,
  )
  const outlooks = actions.map((own) => actions.map((other) => lookAhead(view, own, other)))
  const flat = outlooks.flat()
  const largest =
    Math.max(...flat.flatMap(({ own, other }) => [Math.abs(own), Math.abs(other)])) || 1
  // (1 − α)·u + α·W orders as u + λ·W does and is finite at λ = ∞; divided by 1 − α it is the same up to there.
  const scale = (alpha === 1 ? 1 : 1 - alpha) * largest
  const weigh = (own: number, welfare: number): number =>
    ((1 - alpha) * own + alpha * welfare) / scale
  const own = outlooks.map((line) => line.map((outlook) => weigh(outlook.own, outlook.welfare)))
  const others = actions.map((other) =>
    outlooks.map((line) => {
      const outlook = line[other] ?? NOTHING
      return weigh(outlook.other, outlook.welfare)
    }),
  )
  if (view.params.game.form === 'hidden-state' || view.params.game.column === null) {
    return { row: own, column: own }
  }
  return isColumn ? { row: others, column: own } : { row: own, column: others }
}

/** What one round brings, if the seat does one thing and everybody else another. */
interface Outlook {
  /** Payoffs less what the law charges. */
  readonly own: number
  readonly other: number
  /** Charges are between seats and the ledger, and no part of it. */
  readonly welfare: number
}

const NOTHING: Outlook = { own: 0, other: 0, welfare: 0 }

function lookAhead(view: GameView, own: number, other: number): Outlook {
  const { params, state, seat, law, signal } = view
  const partner = partnerOf(view)
  const acts = Array.from({ length: state.seatCount }, (_, index) => (index === seat ? own : other))
  const laws: readonly RoundLaw[] = law === null ? [] : [law]
  const settled = settleRound(game, {
    params,
    state,
    actions: acts.map((action) => ({ action: BigInt(action), absent: false })),
    laws,
    randomness: { beacon: ANY_DIGEST, signal },
  })
  const { enforced } = settled.outcome
  const chargeOf = (index: number): number => {
    const [after] = settled.laws
    const before = law === null ? 0n : (settleEnd(law.state)[index] ?? 0n)
    const kept = after === undefined ? 0n : (settleEnd(after.state)[index] ?? 0n)
    return Number(before - kept - (settled.creditsMicro[index] ?? 0n)) / Number(params.unitMicro)
  }
  const payoffs = payoffsOf(view, enforced, settled.outcome.payoffs, partner)
  return {
    own: payoffs.own - chargeOf(seat),
    other: payoffs.other - chargeOf(partner),
    welfare: payoffs.welfare,
  }
}

/** In pairs, what the seat and whoever it meets get, whomever chance makes it meet. */
function payoffsOf(
  { params, seat }: GameView,
  enforced: readonly number[],
  settled: readonly number[],
  partner: number,
): Outlook {
  if (params.game.form === 'hidden-state') {
    const welfare = settled.reduce((sum, payoff) => sum + payoff, 0)
    return { own: settled[seat] ?? 0, other: settled[partner] ?? 0, welfare }
  }
  const [first, second] = [enforced[seat] ?? 0, enforced[partner] ?? 0]
  const isColumn = params.game.column !== null && seat % 2 === 1
  const [row, column] = isColumn
    ? computePairPayoffs(params.game, second, first)
    : computePairPayoffs(params.game, first, second)
  return { own: isColumn ? column : row, other: isColumn ? row : column, welfare: row + column }
}

/** Somebody else: the neighbour in a fixed pair. */
function partnerOf({ seat, state }: GameView): number {
  const neighbour = seat ^ 1
  return neighbour < state.seatCount ? neighbour : (seat + state.seatCount - 1) % state.seatCount
}

const ANY_DIGEST = digestOf(Uint8Array.of(0))
