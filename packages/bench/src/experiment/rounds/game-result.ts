import { baseOf, type GameParams, type GameRow, type MatrixGame } from '@commonweal/protocol'
import { estimateWeight, type Scenario as Seen } from '../../games/revealed-weight.ts'
import { computeFirstBest, type StageGame, stageGamesOf } from '../../games/stage-game.ts'
import type { GameResult as GameRun } from '../../run/game-rounds.ts'
import { canonicalJson } from '../canonical-json.ts'
import { doneRun, eventOf } from '../done-run.ts'
import type { Condition } from '../experiment.ts'
import type { Metrics, RunResult } from '../run-result.ts'
import type { GameScenario } from '../scenario.ts'
import type { ExperimentSeat } from '../seat-plan.ts'
import {
  type AgreedFacts,
  agreedTerms,
  agreementEvents,
  agreementMetrics,
  type LawFacts,
} from './agreement-metrics.ts'
import { payoffsByGroup, welfareMetrics } from './welfare.ts'

/** What came of a game, from what every fidelity knows of it. */
export interface GameFacts extends Pick<GameRun, 'rows' | 'creditsMicro' | 'burnedMicro'> {
  readonly agreements: readonly AgreedFacts[]
  readonly laws: readonly LawFacts[]
}

export interface GameSetting {
  readonly params: GameParams
  /** Payoffs of the subnet for one of the file. */
  readonly scale: number
  readonly seats: readonly ExperimentSeat[]
  readonly scenario: GameScenario
  readonly contract: Condition['contract']
}

/** The outcome, metrics and events of a run of a game. */
export function concludeGame(setting: GameSetting, facts: GameFacts): RunResult {
  const { rows, laws, creditsMicro, burnedMicro, agreements } = facts
  const events = rows.flatMap((row) => {
    const law = laws.find(({ round, records }) => round === row.round && records.length > 0)
    return [
      ...agreementEvents(agreements, row.round),
      eventOf('round-settled', row.round, row),
      ...(law === undefined ? [] : [eventOf('law-applied', row.round, { records: law.records })]),
    ]
  })
  const enforced = laws.map(({ round, records }) => ({ round, records }))
  const happened = { rows, agreements: agreedTerms(agreements), laws: enforced }
  return doneRun({ ...happened, creditsMicro, burnedMicro }, metricsOf(setting, facts), events)
}

/** What a round was worth to each seat on average, in payoffs of the file. */
export function gamePayoffs(
  { seats, scale }: Pick<GameSetting, 'seats' | 'scale'>,
  rows: readonly GameRow[],
): readonly number[] {
  return seats.map(
    (_, seat) => sumOf(rows.map(({ payoffs }) => payoffs[seat] ?? 0)) / scale / rows.length,
  )
}

function metricsOf(setting: GameSetting, { rows, burnedMicro, agreements }: GameFacts): Metrics {
  const { params, scale, seats, scenario, contract } = setting
  const roundCount = rows.length
  // In pairs welfare is that of a pair, as in the literature; with a hidden state that of all seats.
  const gameCount = params.game.form === 'matrix' ? Math.floor(seats.length / 2) : 1
  const means = gamePayoffs(setting, rows)
  const { welfare: all, nash, rawls } = welfareMetrics(means)
  const welfare = all / gameCount
  const best = sumOf(rows.map((row) => bestOf(params, seats.length, row))) / scale / roundCount
  const played = rows.flatMap(({ enforced, state }) =>
    enforced.map((action) => ({ action, state })),
  )
  const share = (is: (act: { action: number; state: number | null }) => boolean): number =>
    played.filter(is).length / played.length
  return {
    welfare,
    nash,
    rawls,
    ...payoffsByGroup(seats, means),
    gap: best - welfare,
    priceOfAnarchy: welfare > 0 ? best / welfare : null,
    ...(params.game.form === 'matrix'
      ? { cooperation: share(({ action }) => baseOf(params, action) === 0) }
      : {
          acting: share(({ action }) => action === 1),
          matching: share(({ action, state }) => action === state),
        }),
    ...(scenario.game.form === 'effort'
      ? { highEffort: share(({ action }) => action % 2 === 0) }
      : {}),
    ...agreementMetrics(
      contract,
      agreements,
      rows.map(({ round }) => round),
    ),
    sanctions: Number(burnedMicro) / Number(params.unitMicro) / scale,
    ...(scenario.revealed ? revealedMetrics(setting, rows) : {}),
  }
}

/** The greatest welfare of the round that was played: of one pair, or of all seats in its state. */
function bestOf(params: GameParams, seatCount: number, { state }: GameRow): number {
  const key = canonicalJson({ game: params.game, seatCount, state })
  const best = known.get(key) ?? firstBestOf(params, seatCount, state)
  known.set(key, best)
  return best
}

const known = new Map<string, number>()

/** With a hidden state every seat for itself acts or does not: what an act brings does not depend on who else acts. */
function firstBestOf(
  { game, ...params }: GameParams,
  seatCount: number,
  state: number | null,
): number {
  if (game.form === 'matrix') {
    const [stage] = stageGamesOf({ ...params, game })
    return stage === undefined ? 0 : bestWelfare(stage)
  }
  const brought = state === 1 ? game.benefit : -game.harm
  const cost = state === 1 ? game.costs[1] : game.costs[0]
  return seatCount * Math.max(0, brought * (seatCount - 1) - cost)
}

function bestWelfare(stage: StageGame): number {
  return computeFirstBest(stage).welfare
}

/** λ that the acts of each entry of the population reveal, as if all played without a law. */
function revealedMetrics({ params, seats }: GameSetting, rows: readonly GameRow[]): Metrics {
  const { game } = params
  if (game.form !== 'matrix') return {}
  const shared = sharedGame(game)
  const entries = [...new Set(seats.map(({ entry }) => entry))]
  return Object.fromEntries(
    entries.map((entry) => {
      const acts = rows.flatMap(({ actions }) =>
        actions.flatMap((action, seat): Seen[] => {
          if (seats[seat]?.entry !== entry) return []
          const side = game.column !== null && seat % 2 === 1 ? 1 : 0
          return [{ game: shared, acts: [{ seat: side, action }] }]
        }),
      )
      // The interval of a table is over runs, so that one resample is enough here.
      const { lambda } = estimateWeight(acts, { seed: 'revealed', resampleCount: 1 })
      return [`revealed.${entry}`, lambda]
    }),
  )
}

/** The estimator remembers what it has solved for a game that is the same object. */
function sharedGame(game: MatrixGame): MatrixGame {
  const key = canonicalJson(game)
  const shared = sharedGames.get(key) ?? game
  sharedGames.set(key, shared)
  return shared
}

const sharedGames = new Map<string, MatrixGame>()

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
