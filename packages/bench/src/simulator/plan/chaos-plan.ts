import { Random } from '../engine/random.ts'
import type { Behaviour, Crash, InstancePlan, LinkFaults, Plan } from './plan.ts'

/** What a family of plans draws from. */
export interface ChaosOptions {
  readonly nodeCountMin: number
  readonly nodeCountMax: number
  /** Faulty stake: `below` a third of the whole, as much as fits at most; `above`: at least a third, less than two. */
  readonly faultyStake: 'none' | 'below' | 'above'
  readonly behaviours: readonly Behaviour[]
  readonly healAtMsMin: number
  readonly healAtMsMax: number
  readonly crashCountMin: number
  readonly crashCountMax: number
}

export const FAULTY_BEHAVIOURS: readonly Behaviour[] = [
  'twin',
  'silent-leader',
  'withholder',
  'equivocator',
  'double-voter',
  'contradictor',
  'skipper',
  'replayer',
]

/** A plan with everything in it, drawn from the seed. [SIM-2] [SIM-3] */
export function chaosPlan(seed: string, options: ChaosOptions): Plan {
  const random = new Random(seed, 'plan')
  const count = random.between(options.nodeCountMin, options.nodeCountMax)
  const stakesMicro = drawStakes(random, count)
  const faulty = drawFaulty(random, stakesMicro, options)
  const instances = drawInstances(random, count, faulty)
  const { healAtMs, partitions } = drawCuts(random, instances.length, options)
  return {
    seed,
    stakesMicro,
    instances,
    link: drawLink(random),
    partitions,
    viewPartitions: [],
    crashes: drawCrashes(random, instances, options),
    healAtMs,
  }
}

/** Equal stakes most often; else between one and three parts. */
function drawStakes(random: Random, count: number): readonly bigint[] {
  const isEqual = random.chance(600_000)
  return Array.from({ length: count }, () =>
    isEqual ? 1_000_000n : BigInt(random.between(1_000, 3_000)) * 1_000n,
  )
}

function drawFaulty(
  random: Random,
  stakesMicro: readonly bigint[],
  { faultyStake, behaviours }: ChaosOptions,
): ReadonlyMap<number, Behaviour> {
  const total = stakesMicro.reduce((sum, stakeMicro) => sum + stakeMicro, 0n)
  const faulty = new Map<number, Behaviour>()
  if (faultyStake === 'none') return faulty
  const isAbove = faultyStake === 'above'
  const isFewer = !isAbove && random.chance(250_000)
  let stake = 0n
  for (const agent of random.shuffle([...stakesMicro.keys()])) {
    const next = stake + (stakesMicro[agent] ?? 0n)
    if (isAbove ? stake * 3n >= total : next * 3n >= total || (isFewer && faulty.size > 0)) continue
    stake = next
    faulty.set(agent, isAbove ? 'twin' : random.pick(behaviours))
  }
  return faulty
}

function drawInstances(
  random: Random,
  count: number,
  faulty: ReadonlyMap<number, Behaviour>,
): readonly InstancePlan[] {
  const clock = (): Pick<InstancePlan, 'clockOffsetMs' | 'clockDriftPpm'> => ({
    clockOffsetMs: random.below(5_000),
    clockDriftPpm: random.below(2_000),
  })
  const first = Array.from({ length: count }, (_, agent): InstancePlan => {
    return { agent, behaviour: faulty.get(agent) ?? 'honest', ...clock() }
  })
  const twins = first.filter(({ behaviour }) => behaviour === 'twin')
  return [...first, ...twins.map((twin) => ({ ...twin, ...clock() }))]
}

function drawLink(random: Random): LinkFaults {
  const latencyMinMs = random.between(1, 20)
  return {
    latencyMinMs,
    latencyMaxMs: latencyMinMs + random.pick([0, 5, 20, 60]),
    lossPpm: random.pick([0, 0, 10_000, 50_000, 200_000]),
    duplicatePpm: random.pick([0, 0, 50_000]),
    delayPpm: random.pick([0, 0, 50_000, 200_000]),
    delayMaxMs: random.pick([100, 500, 2_000]),
    heldPpm: random.pick([0, 100_000, 500_000]),
  }
}

/** A few runs have one cut, for long: most often it heals soon, and there are several. */
const LONG_PPM = 15_000

function drawCuts(
  random: Random,
  count: number,
  { healAtMsMin, healAtMsMax }: ChaosOptions,
): Pick<Plan, 'healAtMs' | 'partitions'> {
  if (random.chance(LONG_PPM)) {
    // Halves, neither of which has a quorum most often, for longer than gossip remembers what it has seen.
    const groups = Array.from({ length: count }, (_, instance) => instance % 2)
    return { healAtMs: random.between(60_000, 150_000), partitions: [{ atMs: 200, groups }] }
  }
  if (random.chance(LONG_PPM)) {
    // One falls behind by more blocks than one response holds.
    const left = random.below(count)
    const groups = Array.from({ length: count }, (_, instance) => (instance === left ? 1 : 0))
    return { healAtMs: random.between(16_000, 20_000), partitions: [{ atMs: 200, groups }] }
  }
  const healAtMs = random.between(healAtMsMin, healAtMsMax)
  const partitions = Array.from({ length: random.pick([0, 1, 2, 4, 8]) }, () => ({
    atMs: random.below(healAtMs),
    groups: random.chance(250_000)
      ? Array.from({ length: count }, () => 0)
      : Array.from({ length: count }, () => random.below(2)),
  }))
  return { healAtMs, partitions: partitions.toSorted((a, b) => a.atMs - b.atMs) }
}

function drawCrashes(
  random: Random,
  instances: readonly InstancePlan[],
  { crashCountMin, crashCountMax }: ChaosOptions,
): readonly Crash[] {
  const honest = [...instances.keys()].filter((index) => instances[index]?.behaviour === 'honest')
  return Array.from({ length: random.between(crashCountMin, crashCountMax) }, () => ({
    instance: random.pick(honest),
    persist: random.between(1, random.pick([5, 40, 120])),
    moment: random.pick(['before', 'torn', 'after'] as const),
    downMs: random.pick([1, 50, 500, 2_000]),
  }))
}
