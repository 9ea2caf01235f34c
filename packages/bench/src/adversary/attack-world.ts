import { parsePolicy, prosocialityOfLambda } from '@commonweal/node/agent'
import {
  agentIdOf,
  type CommonsParams,
  cidOf,
  commons,
  encode,
  present,
  TOKEN_MICRO,
} from '@commonweal/protocol'
import { seededBeacons } from '../run/beacons.ts'
import { type RunResult, runRounds } from '../run/rounds.ts'
import type { RoundsConfig, SeatConfig } from '../run/rounds-config.ts'
import { type Attacker, policyOf } from './attackers.ts'

export type ContractCondition = RoundsConfig['contract']

/** Weights of those who are not attackers, one after the other and again. */
export type Mix = readonly number[]

/** Where an attack is tried. */
export interface AttackWorld {
  readonly params: CommonsParams
  readonly seatCount: number
  /** By seat, in percent; empty where all are 100. */
  readonly valuesPercent: readonly number[]
  readonly contract: ContractCondition
  readonly mix: Mix
  /** λ with which the attacker's stake plays where it is honest. */
  readonly honestLambda: number
  /** Fixes who sits where, and all chance. */
  readonly seed: string
  /** Which of the seeds it is: the attacker takes another seat in each. */
  readonly index: number
  readonly renegotiates: boolean
}

/** What came of it: payoffs are units at their value, and what laws moved. */
export interface AttackResult {
  readonly attacker: number
  readonly others: number
  readonly rounds: number
  /** Whether a contract was in force in some round. */
  readonly isContracted: boolean
}

interface Plan {
  readonly valuePercent: number
  readonly policy: string
  readonly lambda: number
  readonly isAttacker: boolean
}

/** What a stake of a local network can set aside. */
const FUNDS_MICRO: bigint = 1_000n * TOKEN_MICRO
/** Seats between two of a ring. */
const RING_STEP = 2

/** One run with the attacker, or with the same stake behaving honestly. */
export async function playAttack(
  world: AttackWorld,
  attacker: Attacker,
  behaviour: 'attack' | 'honest',
): Promise<AttackResult> {
  const plans = planSeats(world, attacker, behaviour)
  const config = configOf(world, plans)
  const validators = config.seats.map(({ agent }) => agent)
  const networkId = cidOf(encode('commonweal/attack'))
  const result = await runRounds(config, seededBeacons(networkId, validators, world.seed))
  const payoffs = payoffsOf(result, config)
  const sum = (isAttacker: boolean): number =>
    payoffs.reduce((all, payoff, seat) => {
      return plans[seat]?.isAttacker === isAttacker ? all + payoff : all
    }, 0)
  return {
    attacker: sum(true),
    others: sum(false),
    rounds: result.metrics.m,
    isContracted: result.agreements.length > 0,
  }
}

/** Who sits where. An honest stake that has fewer seats leaves the others as many as they are. */
function planSeats(
  { seatCount, valuesPercent, mix, honestLambda, index }: AttackWorld,
  attacker: Attacker,
  behaviour: 'attack' | 'honest',
): readonly Plan[] {
  const ring = Array.from(
    { length: attacker.seatCount },
    (_, place) => (index + RING_STEP * place) % seatCount,
  )
  const kept = behaviour === 'attack' ? ring : ring.slice(0, attacker.honestSeatCount)
  let otherCount = 0
  return Array.from({ length: seatCount }, (_, seat) => seat).flatMap((seat): readonly Plan[] => {
    const valuePercent = valuesPercent[seat] ?? 100
    if (ring.includes(seat)) {
      if (!kept.includes(seat)) return []
      return behaviour === 'attack'
        ? [{ valuePercent, policy: policyOf(attacker, ring), lambda: 0, isAttacker: true }]
        : [{ valuePercent, policy: 'utility', lambda: honestLambda, isAttacker: true }]
    }
    const lambda = present(mix[(index + otherCount) % mix.length], 'a mix has at least one weight')
    otherCount += 1
    return [{ valuePercent, policy: 'utility', lambda, isAttacker: false }]
  })
}

function configOf(world: AttackWorld, plans: readonly Plan[]): RoundsConfig {
  const { params, contract, renegotiates } = world
  return {
    subnet: commons.kind,
    params: { ...params, valuesPercent: plans.map(({ valuePercent }) => valuePercent) },
    seats: plans.map(seatOf),
    contract,
    contractDelay: 0,
    binding: 'members',
    quorum: null,
    turnsMax: 2 * plans.length,
    law: null,
    fundsMicro: plans.map(() => FUNDS_MICRO),
    renegotiates,
  }
}

function seatOf({ policy: text, lambda }: Plan, seat: number): SeatConfig {
  const policy = parsePolicy(text)
  const prosociality = prosocialityOfLambda(lambda)
  if (!policy.ok || !prosociality.ok) throw new RangeError(`no policy ${text} of λ = ${lambda}`)
  const agent = agentIdOf(new Uint8Array(32).fill(seat + 1))
  return { agent, policy: policy.value, prosociality: prosociality.value }
}

function payoffsOf({ values, creditsMicro }: RunResult, { params }: RoundsConfig): number[] {
  return values.map((value, seat) => {
    const movedMicro = creditsMicro[seat] ?? 0n
    return movedMicro === 0n ? value : value + Number(movedMicro) / Number(params.unitMicro)
  })
}
