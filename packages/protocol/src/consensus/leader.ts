import { encode } from '../codec/cbor.ts'
import { type Digest, digestOf } from '../codec/digest.ts'
import { type AgentId, compareAgents } from '../identity/agent-id.ts'
import { present } from '../invariant.ts'
import type { Electorate } from './validators.ts'

/** One round of a validator's clock: its turns are this far apart, before its stake shrinks the distance. */
const CYCLE = 1n << 32n

/**
 * Who leads which view of an epoch: a weighted round robin. [CON-4]
 *
 * Validator i with stake s_i has a phase p_i (0 ≤ p_i < 2³²) from the seed and takes its k-th turn (k = 0, 1, …) at the
 * virtual time (k · 2³² + p_i + 1) / s_i. The leader of view v is who takes the v-th turn of all (from 0), ordered by time, then
 * by agent id. With equal stakes everybody leads once in each n views.
 */
export interface Schedule {
  readonly electorate: Electorate
  readonly phases: readonly bigint[]
}

/** p_i = the first four bytes, as a big-endian number, of SHA-256 over the DAG-CBOR of [seed, agent]. [CON-4] */
export function createSchedule(electorate: Electorate, seed: Digest): Schedule {
  const phases = electorate.set.map(({ agent }) =>
    BigInt(`0x${digestOf(encode([seed, agent])).slice(0, 8)}`),
  )
  return { electorate, phases }
}

/**
 * The leader of a view, for any view at once. [CON-4]
 *
 * Cost  O(n log n), without the views before.
 */
export function leaderOf(schedule: Schedule, view: number): AgentId {
  const { set } = schedule.electorate
  const index = BigInt(view)
  const size = BigInt(set.length)
  // Times are counted in units of 1 / total stake, so that one view takes about a CYCLE. A validator takes less than one turn
  // more, and at most one less, than its share of the views: between these two times lies the turn that is asked for.
  let before = index > size ? (index - size) * CYCLE : 0n
  let after = (index + size + 1n) * CYCLE
  while (after - before > 1n) {
    const middle = (before + after) / 2n
    if (turnsUntil(schedule, middle) > index) after = middle
    else before = middle
  }
  const tied = set
    .map((_, validator) => ({
      validator,
      turn: turnsOf(schedule, validator, before),
      isLast: turnsOf(schedule, validator, after) > turnsOf(schedule, validator, before),
    }))
    .filter(({ isLast }) => isLast)
    .toSorted((a, b) => compareTurns(schedule, a, b))
  const rank = Number(index - turnsUntil(schedule, before))
  const { validator } = present(tied[rank], 'the turn lies between the two times')
  return present(set[validator], 'a validator is in its set').agent
}

/** How many turns validator i took up to this time: the number of k ≥ 0 with (k · 2³² + p_i + 1) · total ≤ time · s_i. */
function turnsOf(schedule: Schedule, validator: number, time: bigint): bigint {
  const { set, totalMicro } = schedule.electorate
  const stakeMicro = set[validator]?.stakeMicro ?? 0n
  const first = (schedule.phases[validator] ?? 0n) + 1n
  const reached = (time * stakeMicro) / totalMicro
  return reached < first ? 0n : (reached - first) / CYCLE + 1n
}

function turnsUntil(schedule: Schedule, time: bigint): bigint {
  let sum = 0n
  for (let index = 0; index < schedule.phases.length; index++) {
    sum += turnsOf(schedule, index, time)
  }
  return sum
}

interface Turn {
  readonly validator: number
  /** k: how many turns it took before this one. */
  readonly turn: bigint
}

/** By exact time, compared as fractions, then by agent id, which is the order of the set. */
function compareTurns(schedule: Schedule, a: Turn, b: Turn): number {
  const left = instantOf(schedule, a) * stakeOf(schedule, b)
  const right = instantOf(schedule, b) * stakeOf(schedule, a)
  if (left !== right) return left < right ? -1 : 1
  const { set } = schedule.electorate
  const agents = [set[a.validator]?.agent, set[b.validator]?.agent] as const
  return agents[0] === undefined || agents[1] === undefined
    ? 0
    : compareAgents(agents[0], agents[1])
}

function instantOf(schedule: Schedule, { validator, turn }: Turn): bigint {
  return turn * CYCLE + (schedule.phases[validator] ?? 0n) + 1n
}

function stakeOf(schedule: Schedule, { validator }: Turn): bigint {
  return schedule.electorate.set[validator]?.stakeMicro ?? 0n
}
