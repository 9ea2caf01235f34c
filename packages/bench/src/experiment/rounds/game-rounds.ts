import {
  type AgentId,
  type BoundLaw,
  checkLaw,
  createLawState,
  type EnforcementRecord,
  type GameParams,
  type GameRow,
  type GameState,
  game,
  type LawState,
  present,
  type RoundRandomness,
  settleRound,
} from '@commonweal/protocol'
import { seededBeacons } from '../../run/beacons.ts'
import { createGameNetwork } from '../network-setup.ts'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import type { GameScenario } from '../scenario.ts'
import { type ExperimentSeat, seatsOf } from '../seat-plan.ts'
import { chooseAction } from './game-player.ts'
import { parseGamePolicy } from './game-policy.ts'
import { concludeGame, type GameFacts } from './game-result.ts'
import { gameParamsOf } from './game-setup.ts'

/** Enough for any fine: what seats can lose by a law is not what is measured. */
const COLLATERAL_MICRO = 10n ** 15n

/** Plays a game round after round: the law of the file, if there is one, binds everybody. */
export function runGameRounds(plan: RunPlan, scenario: GameScenario): Promise<RunResult> {
  const { condition, seed } = plan
  const { params, scale } = gameParamsOf(scenario, condition.language)
  const { networkId, validators } = createGameNetwork(plan, scenario)
  const beacons = seededBeacons(networkId, validators, seed)
  const seats = seatsOf(condition)
  const table: Table = { params, seats, agents: validators, law: lawOf(plan, params) }
  const rows: GameRow[] = []
  const laws: { round: number; records: readonly EnforcementRecord[] }[] = []
  let burnedMicro = 0n
  let creditsMicro = seats.map(() => 0n)
  let state = game.start(params, seats.length)
  while (!game.isEnded(params, state)) {
    const { round } = state
    const isBound = table.law !== null && round > condition.contractDelay
    const settled = playRound(table, state, beacons(round), isBound)
    state = settled.state
    rows.push(settled.row)
    burnedMicro += settled.burnedMicro
    creditsMicro = creditsMicro.map((sum, seat) => sum + (settled.creditsMicro[seat] ?? 0n))
    const [outcome] = settled.laws
    if (outcome === undefined || table.law === null) continue
    table.law = { ...table.law, state: outcome.state }
    laws.push({ round, records: outcome.records })
  }
  const facts: GameFacts = { rows, laws, burnedMicro, creditsMicro }
  return Promise.resolve(concludeGame({ params, scale, seats, scenario }, facts))
}

interface Table {
  readonly params: GameParams
  readonly seats: readonly ExperimentSeat[]
  readonly agents: readonly AgentId[]
  law: { readonly bound: BoundLaw; readonly state: LawState } | null
}

function playRound(
  { params, seats, agents, law }: Table,
  state: GameState,
  randomness: RoundRandomness,
  isBound: boolean,
): ReturnType<typeof settleRound<GameParams, GameState, unknown, GameRow>> {
  const inForce = isBound ? law : null
  const signal = game.hasSignal(params) ? randomness.signal : null
  const actions = seats.map((seat, index) => {
    const { adversary, policy, prosociality } = seat
    const isTurned = adversary !== null && state.round >= adversary.fromRound
    const name = isTurned ? adversary.kind : policy
    const parsed = present(parseGamePolicy(name, params), 'a file that was read has good policies')
    const agent = present(agents[index], 'every seat has an agent')
    const view = { params, state, seat: index, agent, law: inForce, signal }
    return { action: BigInt(chooseAction(parsed, prosociality, view)), absent: false }
  })
  const laws = inForce === null ? [] : [inForce]
  return settleRound(game, { params, state, actions, laws, randomness })
}

function lawOf({ condition }: RunPlan, params: GameParams): Table['law'] {
  const { law, population } = condition
  if (law === null || typeof law === 'string') return null
  const seatCount = population.reduce((sum, { count }) => sum + count, 0)
  const checked = checkLaw(law, game.language(params, seatCount))
  const compiled = present(checked.ok ? checked.value : null, 'a file that was read has a good law')
  const everybody = Array.from({ length: seatCount }, () => true)
  const bound = { law: compiled, signer: everybody, bound: everybody }
  return { bound, state: createLawState(everybody.map(() => COLLATERAL_MICRO)) }
}
