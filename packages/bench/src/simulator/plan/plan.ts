import type { FaultyBehaviour } from '@commonweal/node/adversary'

/** What a link does to a message. Chances are in parts per million, delays in ms. */
export interface LinkFaults {
  readonly latencyMinMs: number
  readonly latencyMaxMs: number
  readonly lossPpm: number
  readonly duplicatePpm: number
  /** Some messages come this much later, so that younger ones overtake them. */
  readonly delayPpm: number
  readonly delayMaxMs: number
  /** What a cut would lose is kept this often and arrives after healing. */
  readonly heldPpm: number
}

/** A link on which nothing is lost, doubled or held, with some milliseconds of latency. */
export const FAULTLESS_LINK: LinkFaults = {
  latencyMinMs: 5,
  latencyMaxMs: 15,
  lossPpm: 0,
  duplicatePpm: 0,
  delayPpm: 0,
  delayMaxMs: 0,
  heldPpm: 0,
}

/** One running process: honest, or a faulty one. Two with the same agent are twins. [SIM-3] */
export interface InstancePlan {
  readonly agent: number
  readonly behaviour: Behaviour
  /** How far its clock is ahead, and how much faster it runs. */
  readonly clockOffsetMs: number
  readonly clockDriftPpm: number
}

/**
 * `honest`: the core as it is · `twin`: the core as it is, beside another with the same key · `made-faulty`: as the network
 * makes it · the others: faulty in one way. [SIM-3]
 */
export type Behaviour = 'honest' | 'twin' | 'made-faulty' | FaultyBehaviour

/** From this instant, instances with the same group number hear one another; the others do not. */
export interface Partition {
  readonly atMs: number
  readonly groups: readonly number[]
}

/** In the Twins manner: what is sent in this view (counted from `epoch`, 0) reaches only the sender's group. */
export interface ViewPartition {
  readonly epoch: number
  readonly view: number
  readonly groups: readonly number[]
  /** Instances that hear everybody all the same, though nobody beyond their group hears them. */
  readonly listeners: readonly number[]
}

/**
 * A crash at the n-th `persist` of an instance, counted from 1 over its whole life: `before` it (nothing written), `torn` (a
 * part of its records written), or `after` it (all written). What stands behind that persist is not carried out. [SIM-2]
 */
export interface Crash {
  readonly instance: number
  readonly persist: number
  readonly moment: 'before' | 'torn' | 'after'
  readonly downMs: number
}

/** A run in full, but for the draws that links make: plain data, fixed by its seed. */
export interface Plan {
  /** Names the run; draws of links and faulty processes start from it. */
  readonly seed: string
  /** Stakes of the agents, by agent. */
  readonly stakesMicro: readonly bigint[]
  readonly instances: readonly InstancePlan[]
  readonly link: LinkFaults
  readonly partitions: readonly Partition[]
  readonly viewPartitions: readonly ViewPartition[]
  readonly crashes: readonly Crash[]
  /** All is well from here on: no loss, no cut, everybody up; only faulty processes stay faulty. */
  readonly healAtMs: number
}

/** Agents whose key some faulty process holds. */
export function faultyAgents(plan: Plan): ReadonlySet<number> {
  const faulty = plan.instances.filter((instance) => instance.behaviour !== 'honest')
  return new Set(faulty.map((instance) => instance.agent))
}

/** Their stake, and everybody's. */
export function faultyStake(plan: Plan): { readonly faulty: bigint; readonly total: bigint } {
  const agents = faultyAgents(plan)
  let faulty = 0n
  let total = 0n
  for (const [agent, stakeMicro] of plan.stakesMicro.entries()) {
    total += stakeMicro
    if (agents.has(agent)) faulty += stakeMicro
  }
  return { faulty, total }
}
