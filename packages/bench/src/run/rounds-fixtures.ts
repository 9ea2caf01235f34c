import { type Agent, parsePolicy, prosocialityOfLambda } from '@commonweal/node/agent'
import { agentIdOf, cidOf, commons, digestOf, seededValuesPercent } from '@commonweal/protocol'
import { type Beacons, seededBeacons } from './beacons.ts'
import { type RunResult, runRounds } from './rounds.ts'
import type { RoundsConfig, SeatConfig } from './rounds-config.ts'

/** What a test says of a run; everything else has the defaults of a genesis, without a contract. */
export interface RunOptions extends Partial<Omit<RoundsConfig, 'seats' | 'params'>> {
  readonly params?: object
  readonly seed?: number
  /** Plays instead of the agents that the plans describe. */
  readonly agents?: readonly Agent[]
}

/** A law for everyone, in force from the first round. */
export const TENTH: RunOptions = { contract: 'law', law: 'stock / 10' }

/** A plan is a policy and perhaps a λ: "greedy", "steady", "utility 0.6". */
export function configOf(plans: readonly string[], options: RunOptions = {}): RoundsConfig {
  const { params = {}, seed: _seed, agents: _agents, ...rest } = options
  return {
    subnet: 'commons',
    contract: 'none',
    contractDelay: 0,
    binding: 'members',
    quorum: null,
    turnsMax: 10,
    law: null,
    ...rest,
    params: commons.paramsSchema.parse(params),
    seats: plans.map(seatOf),
  }
}

export function beaconsOf(config: RoundsConfig, seed: number): Beacons {
  const validators = config.seats.map(({ agent }) => agent)
  return seededBeacons(cidOf(Uint8Array.of(1)), validators, seed)
}

export function run(plans: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const config = configOf(plans, options)
  return runRounds(config, beaconsOf(config, options.seed ?? 1), options.agents)
}

export function repeat(count: number, plan: string): readonly string[] {
  return Array.from({ length: count }, () => plan)
}

/** Parameters of a commons whose seats value a unit unequally, by seed. */
export function unequalValues(seed: number, seatCount: number): object {
  return { valuesPercent: seededValuesPercent(digestOf(Uint8Array.of(seed)), seatCount) }
}

/** m, R, u, e and o as the published tables print them. */
export function formatMetrics({ metrics }: RunResult): string {
  const { m, R, u, e, o } = metrics
  return `m ${m} R ${R} u ${u.toFixed(4)} e ${e.toFixed(4)} o ${o.toFixed(4)}`
}

function seatOf(plan: string, seat: number): SeatConfig {
  const [name = '', lambda = '0'] = plan.split(' ')
  const policy = parsePolicy(name)
  const prosociality = prosocialityOfLambda(Number(lambda))
  if (!policy.ok || !prosociality.ok) throw new RangeError(`no plan: ${plan}`)
  const agent = agentIdOf(new Uint8Array(32).fill(seat + 1))
  return { agent, policy: policy.value, prosociality: prosociality.value }
}
