import { parsePolicy, prosocialityOfLambda } from '@commonweal/node/agent'
import {
  agentIdOf,
  type CommonsMetrics,
  type ContractMode,
  cidOf,
  commons,
  present,
} from '@commonweal/protocol'
import type { PublicRun } from '../commons/revealed.ts'
import { seededBeacons } from '../run/beacons.ts'
import { runRounds } from '../run/rounds.ts'
import type { RoundsConfig, SeatConfig } from '../run/rounds-config.ts'

/** What a run differs in from the published commons without a contract. */
export interface CommonsSetup {
  /** A policy and perhaps a λ for each seat: "greedy", "utility 0.6". */
  readonly seats: readonly string[]
  readonly params?: object
  readonly contract?: ContractMode
  readonly contractDelay?: number
  /** The one cap that is bargained over. */
  readonly law?: string
}

/** Seats of the published commons. */
export const SEAT_COUNT = 5

export function repeat(count: number, seat: string): readonly string[] {
  return Array.from({ length: count }, () => seat)
}

/** One run by rounds; the seed fixes it. */
export async function playCommons(setup: CommonsSetup, seed: number): Promise<CommonsMetrics> {
  return (await playPublicRun(setup, seed)).metrics
}

/** The same run, as everybody could see it. */
export async function playPublicRun(
  setup: CommonsSetup,
  seed: number,
): Promise<PublicRun & { readonly metrics: CommonsMetrics }> {
  const config = configOf(setup)
  const validators = config.seats.map(({ agent }) => agent)
  const { metrics, rows, laws } = await runRounds(config, seededBeacons(NETWORK, validators, seed))
  const boundRounds = laws.map(({ round }) => round)
  return { params: config.params, seatCount: config.seats.length, rows, boundRounds, metrics }
}

/** Runs with the seeds 1 … count. */
export async function playSeeds(
  setup: CommonsSetup,
  seedCount: number,
): Promise<readonly CommonsMetrics[]> {
  const runs: CommonsMetrics[] = []
  for (let seed = 1; seed <= seedCount; seed++) runs.push(await playCommons(setup, seed))
  return runs
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

const NETWORK = cidOf(Uint8Array.of(1))

function configOf({
  seats,
  params = {},
  contract,
  contractDelay,
  law,
}: CommonsSetup): RoundsConfig {
  return {
    subnet: 'commons',
    params: commons.paramsSchema.parse(params),
    seats: seats.map(seatOf),
    contract: contract ?? (law === undefined ? 'none' : 'law'),
    contractDelay: contractDelay ?? 0,
    binding: 'members',
    quorum: null,
    turnsMax: 10,
    law: law ?? null,
  }
}

function seatOf(words: string, seat: number): SeatConfig {
  const [name = '', lambda = '0'] = words.split(' ')
  const policy = parsePolicy(name)
  const prosociality = prosocialityOfLambda(Number(lambda))
  return {
    agent: agentIdOf(new Uint8Array(32).fill(seat + 1)),
    policy: present(policy.ok ? policy.value : null, 'a setup names policies that exist'),
    prosociality: present(prosociality.ok ? prosociality.value : null, 'a λ is at least 0'),
  }
}
