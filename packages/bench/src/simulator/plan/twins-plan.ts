import { Random } from '../engine/random.ts'
import { FAULTLESS_LINK, type InstancePlan, type Plan, type ViewPartition } from './plan.ts'

/** A family of schedules in the manner of the Twins paper (Bano and others, 2020). [SIM-4] */
export interface TwinsOptions {
  readonly agentCount: number
  /** Agents 0 … twinCount − 1 run twice. */
  readonly twinCount: number
  /** Views with a cut of their own; whoever is in a later one reaches everybody. */
  readonly viewCount: number
  readonly epoch: number
  readonly healAtMs: number
}

const STAKE_MICRO = 1_000_000n

/** Two-way cuts of the instances, the whole network (no cut) included: 2^(instances − 1). */
export function cutCount({ agentCount, twinCount }: TwinsOptions): number {
  return 2 ** (agentCount + twinCount - 1)
}

/** Every cut for every view: the number of schedules for one order of leaders. */
export function scheduleCount(options: TwinsOptions): number {
  return cutCount(options) ** options.viewCount
}

/** The schedule of this number, below {@link scheduleCount}: its digits, to the base of the cuts, are the views' cuts. */
export function twinsPlan(seed: string, schedule: number, options: TwinsOptions): Plan {
  const base = cutCount(options)
  const viewPartitions: ViewPartition[] = []
  for (let view = 0, rest = schedule; view < options.viewCount; view++) {
    const cut = rest % base
    rest = Math.floor(rest / base)
    viewPartitions.push({
      epoch: options.epoch,
      view,
      groups: groupsOf(cut, options),
      listeners: [],
    })
  }
  return {
    seed,
    stakesMicro: Array.from({ length: options.agentCount }, () => STAKE_MICRO),
    instances: twinsInstances(options),
    link: FAULTLESS_LINK,
    partitions: [],
    viewPartitions,
    crashes: [],
    healAtMs: options.healAtMs,
  }
}

/**
 * A schedule drawn from the seed: more views than can be enumerated, in several epochs, and messages that a cut holds back.
 *
 * Most cuts leave a quorum on one side, so that a run gets further than its first view; many set the twins apart.
 */
export function drawTwinsPlan(seed: string, options: TwinsOptions & { epochCount: number }): Plan {
  const random = new Random(seed, 'twins')
  const plan = twinsPlan(seed, 0, { ...options, viewCount: 0 })
  const viewPartitions: ViewPartition[] = []
  for (let index = 0; index < options.epochCount * options.viewCount; index++) {
    const epoch = options.epoch + Math.floor(index / options.viewCount)
    const groups = random.chance(APART_PPM)
      ? drawApart(random, options)
      : drawCutOff(random, plan.instances.length)
    const listeners = random.chance(LISTENER_PPM) ? [random.below(groups.length)] : []
    viewPartitions.push({ epoch, view: index % options.viewCount, groups, listeners })
  }
  const heldPpm = random.pick([0, 0, 200_000, 800_000])
  const latencyMaxMs = random.pick([5, 15, 80])
  return { ...plan, viewPartitions, link: { ...plan.link, heldPpm, latencyMaxMs } }
}

const APART_PPM = 400_000
const LISTENER_PPM = 400_000

/** Some instances, fewer than half, on one side. */
function drawCutOff(random: Random, count: number): readonly number[] {
  const instances = Array.from({ length: count }, (_, instance) => instance)
  const cutOff = random.shuffle(instances).slice(0, random.below(1 + count / 2))
  return instances.map((instance) => (cutOff.includes(instance) ? 1 : 0))
}

/** One of each pair of twins on either side, and half of the honest instances. */
function drawApart(random: Random, { agentCount, twinCount }: TwinsOptions): readonly number[] {
  const honest = Array.from({ length: agentCount - twinCount }, (_, index) => twinCount + index)
  const cutOff = random.shuffle(honest).slice(0, honest.length >> 1)
  return Array.from({ length: agentCount + twinCount }, (_, instance) =>
    instance >= agentCount || cutOff.includes(instance) ? 1 : 0,
  )
}

function twinsInstances({ agentCount, twinCount }: TwinsOptions): readonly InstancePlan[] {
  const instance = (agent: number): InstancePlan => ({
    agent,
    behaviour: agent < twinCount ? 'twin' : 'honest',
    clockOffsetMs: 0,
    clockDriftPpm: 0,
  })
  return [
    ...Array.from({ length: agentCount }, (_, agent) => instance(agent)),
    ...Array.from({ length: twinCount }, (_, agent) => instance(agent)),
  ]
}

/** Instance 0 is always in group 0: a cut and its mirror image are the same. */
function groupsOf(cut: number, { agentCount, twinCount }: TwinsOptions): readonly number[] {
  return Array.from({ length: agentCount + twinCount }, (_, index) =>
    index === 0 ? 0 : (cut >> (index - 1)) & 1,
  )
}
