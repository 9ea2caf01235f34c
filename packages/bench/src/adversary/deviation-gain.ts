import { commons, digestOf, encode, seededValuesPercent } from '@commonweal/protocol'
import { bootstrapMean, type Interval } from '../statistics/bootstrap.ts'
import {
  type AttackResult,
  type AttackWorld,
  type ContractCondition,
  type Mix,
  playAttack,
} from './attack-world.ts'
import { ATTACKERS, type Attacker } from './attackers.ts'

/** What an attack does among certain others under a certain kind of contract. Payoffs are units of the resource. */
export interface AttackCell {
  readonly adversary: string
  readonly contract: ContractCondition
  /** Name of the mix of the others. */
  readonly mix: string
  /** What the attacker gets beyond the same stake behaving honestly. */
  readonly gain: Interval
  /** What all others together get less than where the same stake is honest. */
  readonly loss: Interval
  /** Part of the seeds in which the attacker gains. */
  readonly success: Interval
  /** Mean rounds that the commons survives. */
  readonly rounds: number
  /** Part of the seeds in which there is a contract. */
  readonly contracted: number
}

/** Weights of the others, and what to call them. */
export interface NamedMix {
  readonly name: string
  readonly weights: Mix
}

export interface MatrixOptions {
  readonly seed: string
  /** [10] */
  readonly seedCount?: number
  /** [all] Names of adversaries. */
  readonly adversaries?: readonly string[]
  readonly contracts?: readonly ContractCondition[]
  /** [MIXES] */
  readonly mixes?: readonly NamedMix[]
  /** [a commons with the defaults of a genesis] */
  readonly params?: object
  /** [equal] What a unit is worth to each seat; `seeded` draws it for every seed. */
  readonly values?: 'equal' | 'seeded'
  /** [3] λ of the stake where it is honest: enough to hold back. */
  readonly honestLambda?: number
  /** [false] Whether there is talk about rounds that have a contract; on networks there is. It costs ten times as long. */
  readonly renegotiates?: boolean
}

/** Mixes of those who are attacked, by their λ. */
export const MIXES: readonly NamedMix[] = [
  { name: 'λ = 0', weights: [0] },
  { name: 'λ = 0.6', weights: [0.6] },
  { name: 'λ = 1', weights: [1] },
  { name: 'λ = 3', weights: [3] },
  { name: 'mixed', weights: [0, 0.6, 1, 3] },
]

const CONTRACTS: readonly ContractCondition[] = ['none', 'text', 'law']
const SEED_COUNT_DEFAULT = 10
const SEAT_COUNT = 5
/** Less than this is no gain: payoffs are sums of floats. */
const TOLERANCE = 1e-9

/**
 * The attack matrix: each adversary under each contract condition among each mix of others, against the same stake in the same
 * world behaving honestly, with bootstrap intervals over seeds. Every fifth seed seats the attacker alike: where values are equal and
 * nothing is drawn, there are five different worlds and no more.
 *
 * Cost  some 50 ms a run under laws, 5 without: a minute for the whole matrix of ten seeds.
 */
export async function measureAttackMatrix(options: MatrixOptions): Promise<readonly AttackCell[]> {
  const { contracts = CONTRACTS, mixes = MIXES } = options
  const attackers = chooseAttackers(options.adversaries)
  const honest = new Map<string, readonly AttackResult[]>()
  const cells: AttackCell[] = []
  for (const contract of contracts) {
    for (const { name: mix, weights } of mixes) {
      const worlds = createWorlds(options, contract, weights)
      for (const attacker of attackers) {
        const key = `${contract}/${mix}/${attacker.seatCount}/${attacker.honestSeatCount}`
        const before = honest.get(key) ?? (await playAll(worlds, attacker, 'honest'))
        honest.set(key, before)
        const after = await playAll(worlds, attacker, 'attack')
        const label = `${options.seed}/${attacker.name}/${contract}/${mix}`
        cells.push({ adversary: attacker.name, contract, mix, ...compare(before, after, label) })
      }
    }
  }
  return cells
}

function chooseAttackers(names: readonly string[] | undefined): readonly Attacker[] {
  if (names === undefined) return ATTACKERS
  return names.map((name) => {
    const found = ATTACKERS.find((attacker) => attacker.name === name)
    if (found !== undefined) return found
    const accepted = ATTACKERS.map((attacker) => attacker.name).join(', ')
    throw new RangeError(`there is no adversary ${name}; accepted: ${accepted}`)
  })
}

function createWorlds(
  options: MatrixOptions,
  contract: ContractCondition,
  mix: Mix,
): readonly AttackWorld[] {
  const { seed, seedCount = SEED_COUNT_DEFAULT, honestLambda = 3, renegotiates = false } = options
  const params = commons.paramsSchema.parse(options.params ?? {})
  return Array.from({ length: seedCount }, (_, index) => ({
    params,
    seatCount: SEAT_COUNT,
    valuesPercent:
      options.values === 'seeded'
        ? seededValuesPercent(digestOf(encode([seed, index])), SEAT_COUNT)
        : params.valuesPercent,
    contract,
    mix,
    honestLambda,
    seed: `${seed}/${index}`,
    index,
    renegotiates,
  }))
}

async function playAll(
  worlds: readonly AttackWorld[],
  attacker: Attacker,
  behaviour: 'attack' | 'honest',
): Promise<readonly AttackResult[]> {
  const results: AttackResult[] = []
  for (const world of worlds) results.push(await playAttack(world, attacker, behaviour))
  return results
}

function compare(
  honest: readonly AttackResult[],
  attack: readonly AttackResult[],
  label: string,
): Omit<AttackCell, 'adversary' | 'contract' | 'mix'> {
  const differences = attack.map((made, index) => ({
    gain: made.attacker - (honest[index]?.attacker ?? 0),
    loss: (honest[index]?.others ?? 0) - made.others,
  }))
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    gain: bootstrapMean(
      differences.map(({ gain }) => gain),
      `${label}/gain`,
    ),
    loss: bootstrapMean(
      differences.map(({ loss }) => loss),
      `${label}/loss`,
    ),
    success: bootstrapMean(
      differences.map(({ gain }) => (gain > TOLERANCE ? 1 : 0)),
      `${label}/success`,
    ),
    rounds: mean(attack.map(({ rounds }) => rounds)),
    contracted: mean(attack.map(({ isContracted }) => (isContracted ? 1 : 0))),
  }
}
