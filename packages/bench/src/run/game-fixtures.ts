import { parsePolicy, prosocialityOfLambda } from '@commonweal/node/agent'
import { agentIdOf, cidOf, type GameRow, game } from '@commonweal/protocol'
import { seededBeacons } from './beacons.ts'
import { type GameResult, runGameRounds } from './game-rounds.ts'
import type { GameConfig, SeatConfig } from './rounds-config.ts'

/** What a test says of a run of a game; everything else is as in a genesis, without a contract. */
export interface GameRunOptions extends Partial<Omit<GameConfig, 'seats' | 'params'>> {
  readonly params: object
  readonly seed?: number
}

/** A plan is a policy and perhaps a λ: "quantal 3". */
export function runGame(
  plans: readonly string[],
  { params, seed = 1, ...rest }: GameRunOptions,
): Promise<GameResult> {
  const seats = plans.map(seatOf)
  const config: GameConfig = {
    subnet: 'game',
    contract: 'none',
    contractDelay: 0,
    binding: 'members',
    quorum: null,
    turnsMax: 10,
    ...rest,
    params: game.paramsSchema.parse(params),
    seats,
  }
  const validators = seats.map(({ agent }) => agent)
  return runGameRounds(config, seededBeacons(cidOf(Uint8Array.of(1)), validators, seed))
}

/** What was played in each round: "CH,DL". */
export function formatPlay(rows: readonly GameRow[], names: readonly string[]): readonly string[] {
  return rows.map(({ enforced }) => enforced.map((action) => names[action] ?? action).join())
}

function seatOf(plan: string, seat: number): SeatConfig {
  const [name = '', lambda = '0'] = plan.split(' ')
  const policy = parsePolicy(name)
  const prosociality = prosocialityOfLambda(Number(lambda))
  if (!policy.ok || !prosociality.ok) throw new RangeError(`no plan: ${plan}`)
  const agent = agentIdOf(new Uint8Array(32).fill(seat + 1))
  return { agent, policy: policy.value, prosociality: prosociality.value }
}
