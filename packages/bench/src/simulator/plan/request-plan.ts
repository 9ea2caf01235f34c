import { Random } from '../engine/random.ts'
import type { Family, RunRequest } from '../request.ts'
import { type ChaosOptions, chaosPlan, FAULTY_BEHAVIOURS } from './chaos-plan.ts'
import { faultyAgents, type Plan } from './plan.ts'
import { drawTwinsPlan, scheduleCount, type TwinsOptions, twinsPlan } from './twins-plan.ts'

/** A plan, and the order in which the agents lead epoch 1 where the plan fixes it. */
export interface RequestedPlan {
  readonly plan: Plan
  readonly leaderOrder: readonly number[] | null
}

/** The plan that a request names. */
export function planOf(request: RunRequest): RequestedPlan {
  switch (familyOf(request)) {
    case 'mixed':
    case 'chaos':
      return { plan: chaosPlan(nameOf(request), chaosOptions(request)), leaderOrder: null }
    case 'crashes': {
      const options = { ...chaosOptions(request), crashCountMin: 10, crashCountMax: 40 }
      return { plan: chaosPlan(nameOf(request), options), leaderOrder: null }
    }
    case 'twins':
      return { plan: drawTwinsPlan(nameOf(request), drawnTwins(request)), leaderOrder: null }
    case 'enumeration':
      return enumeratedPlan(request)
  }
}

/** Of eight seeds that mix families, three are chaos, one crashes, two draw a Twins schedule and two are counted out. */
function familyOf({ family, seed }: RunRequest): Family {
  if (family !== 'mixed') return family
  const families: readonly Family[] = [
    ...(['chaos', 'twins', 'crashes', 'enumeration'] as const),
    ...(['chaos', 'twins', 'chaos', 'enumeration'] as const),
  ]
  return families[seed % families.length] ?? 'chaos'
}

function nameOf({ seed, byzantine, isTiny }: RunRequest): string {
  return `${seed}/${byzantine}/${isTiny ? 'tiny' : 'full'}`
}

function chaosOptions(request: RunRequest): ChaosOptions {
  const { nodeCountMin, nodeCountMax, byzantine, behaviours, isTiny } = request
  return {
    nodeCountMin,
    nodeCountMax,
    faultyStake: byzantine,
    behaviours: behaviours.length === 0 ? FAULTY_BEHAVIOURS : behaviours,
    healAtMsMin: isTiny ? 500 : 1_000,
    healAtMsMax: isTiny ? 2_000 : 6_000,
    crashCountMin: 0,
    crashCountMax: 6,
  }
}

function drawnTwins(request: RunRequest): TwinsOptions & { readonly epochCount: number } {
  const random = new Random(nameOf(request), 'twins-size')
  const agentCount = random.between(request.nodeCountMin, request.nodeCountMax)
  const twinCount = twinCountOf(agentCount, request)
  return { agentCount, twinCount, viewCount: 8, epoch: 1, epochCount: 4, healAtMs: 3_000 }
}

function twinCountOf(agentCount: number, { byzantine }: RunRequest): number {
  if (byzantine === 'none') return 0
  return byzantine === 'below' ? Math.ceil(agentCount / 3) - 1 : Math.ceil(agentCount / 3)
}

/** Four agents, the orders in which they can lead four views, and every cut in each of three views. */
const ENUMERATED_AGENTS = 4
const ENUMERATED_VIEWS = 3

/** How many runs the enumeration has: leaders × cuts. [SIM-4] */
export function enumerationCount(request: RunRequest): number {
  return permutationCount(ENUMERATED_AGENTS) * scheduleCount(enumeratedTwins(request))
}

function enumeratedTwins(request: RunRequest): TwinsOptions {
  return {
    agentCount: ENUMERATED_AGENTS,
    twinCount: twinCountOf(ENUMERATED_AGENTS, request),
    viewCount: ENUMERATED_VIEWS,
    epoch: 1,
    healAtMs: 2_000,
  }
}

/** A step that shares no factor with any count here (products of 2 and 3), so that first seeds are spread over the whole. */
const ENUMERATION_STEP = 38_501

function enumeratedPlan(request: RunRequest): RequestedPlan {
  const options = enumeratedTwins(request)
  const count = enumerationCount(request)
  const index = Number((BigInt(request.seed) * BigInt(ENUMERATION_STEP)) % BigInt(count))
  const orders = permutationCount(ENUMERATED_AGENTS)
  const plan = twinsPlan(nameOf(request), Math.floor(index / orders), options)
  return { plan, leaderOrder: permutation(index % orders, ENUMERATED_AGENTS) }
}

function permutationCount(count: number): number {
  return count < 2 ? 1 : count * permutationCount(count - 1)
}

function permutation(index: number, count: number): readonly number[] {
  const left = Array.from({ length: count }, (_, item) => item)
  const order: number[] = []
  for (let rest = index; left.length > 0; ) {
    const size = left.length
    order.push(...left.splice(rest % size, 1))
    rest = Math.floor(rest / size)
  }
  return order
}

/** Agents, by their place among the validators, that a set may lose without faulty stake reaching a third of the rest. */
export function mayLeaveOut(plan: Plan): readonly number[] {
  const faulty = faultyAgents(plan)
  const stakes = [...plan.stakesMicro.entries()]
  return stakes.flatMap(([leftOut]) => {
    let faultyStake = 0n
    let total = 0n
    for (const [agent, stakeMicro] of stakes) {
      if (agent === leftOut) continue
      total += stakeMicro
      if (faulty.has(agent)) faultyStake += stakeMicro
    }
    // One micro-token is what the counter gives a member more.
    return (faultyStake + 1n) * 3n < total ? [leftOut] : []
  })
}
