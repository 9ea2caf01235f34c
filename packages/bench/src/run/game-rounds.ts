import { type Agent, createAgent, type GameSituation, knownDraws } from '@commonweal/node/agent'
import {
  type GameRow,
  type GameState,
  game,
  type RoundRandomness,
  settleRound,
  signalState,
} from '@commonweal/protocol'
import { AgreementBook, type AgreementRecord, type LawRecord } from './agreement-book.ts'
import type { Beacons } from './beacons.ts'
import type { NegotiationRecord } from './negotiation-round.ts'
import { collectActions, negotiateRound } from './round.ts'
import type { GameConfig } from './rounds-config.ts'

/** What came of a run of a game. */
export interface GameResult {
  readonly rows: readonly GameRow[]
  /** By seat: the sum of its payoffs; what laws moved is apart. */
  readonly payoffs: readonly number[]
  /** By seat: what laws paid it, less what they took; collateral that came back is neither. */
  readonly creditsMicro: readonly bigint[]
  readonly burnedMicro: bigint
  readonly agreements: readonly AgreementRecord[]
  /** Laws in force, round by round, and what each did. */
  readonly laws: readonly LawRecord[]
  readonly negotiations: readonly NegotiationRecord[]
}

/**
 * One run of a game by the state machine, the turns and the agents alone, as `runRounds` is one of a commons.
 *
 * Cost  O(rounds · seats) decisions; nothing is negotiated under contract mode `none`.
 */
export async function runGameRounds(
  config: GameConfig,
  beacons: Beacons,
  agents: readonly Agent[] = config.seats.map((seat) =>
    createAgent({ ...seat, derive: knownDraws(seat.agent) }),
  ),
): Promise<GameResult> {
  const { params, seats, binding, contract, fundsMicro } = config
  const seatIds = seats.map(({ agent }) => agent)
  const book = new AgreementBook({
    seats: seatIds,
    binding,
    language: game.language(params, seats.length),
    ...(fundsMicro === undefined ? {} : { fundsMicro }),
  })
  const rows: GameRow[] = []
  const negotiations: NegotiationRecord[] = []
  let state = game.start(params, seats.length)
  const situationOf = (seat: number, randomness: RoundRandomness | null): GameSituation =>
    describe({ config, seatIds, state, rows, book, seat }, randomness)

  while (!game.isEnded(params, state)) {
    const { round } = state
    const randomness = beacons(round)
    if (contract !== 'none') {
      const talk = { config, book, round }
      const record = await negotiateRound(talk, agents, (seat) => situationOf(seat, null))
      if (record !== null) negotiations.push(record)
    }
    const actions = await collectActions(agents, (seat) => situationOf(seat, randomness), {
      actionMax: game.actionMax(params, state),
      defaultAction: game.defaultAction(params, state),
    })
    const law = book.coveringAt(round)?.law ?? null
    const laws = law === null ? [] : [{ bound: law.bound, state: law.state }]
    const settled = settleRound(game, { params, state, actions, laws, randomness })
    state = settled.state
    rows.push(settled.row)
    book.settle(round, settled)
  }
  return {
    rows,
    payoffs: seats.map((_, seat) => rows.reduce((sum, row) => sum + (row.payoffs[seat] ?? 0), 0)),
    creditsMicro: book.computeNetCredits(),
    burnedMicro: book.burnedMicro,
    agreements: book.agreements,
    laws: book.laws,
    negotiations,
  }
}

interface Sight {
  readonly config: GameConfig
  readonly seatIds: GameSituation['seats']
  readonly state: GameState
  readonly rows: readonly GameRow[]
  readonly book: AgreementBook
  readonly seat: number
}

function describe(
  { config, seatIds, state, rows, book, seat }: Sight,
  randomness: RoundRandomness | null,
): GameSituation {
  const { subnet, params, contract, contractDelay } = config
  return {
    kind: 'game',
    subnet,
    params,
    state,
    history: rows,
    epoch: state.round,
    seat,
    seats: seatIds,
    contract,
    contractDelay,
    law: book.coveringAt(state.round)?.law ?? null,
    agreed: book.coveringAt(state.round)?.terms ?? null,
    signalState: signalState(params, randomness?.signal ?? null) ?? null,
  }
}
