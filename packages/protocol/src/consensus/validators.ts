import { type AgentId, compareAgents } from '../identity/agent-id.ts'
import { VALIDATORS_MAX, type ValidatorSet } from '../message/consensus.ts'
import { ok, type Result, reject } from '../result.ts'

/** A validator set with what is asked of it all the time: its total stake and each member's index. */
export interface Electorate {
  readonly set: ValidatorSet
  readonly totalMicro: bigint
  readonly indexOf: ReadonlyMap<AgentId, number>
}

export type ValidatorSetCode = 'set-empty' | 'set-too-large' | 'set-unordered' | 'set-zero-stake'

/**
 * Checks the shape of a validator set. [CON-1]
 *
 * Shape   1..VALIDATORS_MAX validators, ascending by agent id, no agent twice, every stake above 0.
 * Errors  'set-empty' · 'set-too-large' · 'set-unordered' · 'set-zero-stake', all reject, in this order
 */
export function checkValidatorSet(set: ValidatorSet): Result<Electorate, ValidatorSetCode> {
  if (set.length === 0) return reject('set-empty')
  if (set.length > VALIDATORS_MAX) return reject('set-too-large', { count: set.length })
  const indexOf = new Map<AgentId, number>()
  let totalMicro = 0n
  let last: AgentId | null = null
  for (const [index, { agent, stakeMicro }] of set.entries()) {
    if (last !== null && compareAgents(last, agent) >= 0) return reject('set-unordered', { index })
    if (stakeMicro <= 0n) return reject('set-zero-stake', { index })
    indexOf.set(agent, index)
    totalMicro += stakeMicro
    last = agent
  }
  return ok({ set, totalMicro, indexOf })
}

/** Whether votes of this stake are a quorum: more than 2/3 of the set's stake. [CON-3] */
export function hasQuorum(stakeMicro: bigint, totalMicro: bigint): boolean {
  return 3n * stakeMicro > 2n * totalMicro
}

/** What a validator set is chosen from. */
export interface Bond {
  readonly agent: AgentId
  readonly bondMicro: bigint
}

/** How many validators there are at most, and what each must have bonded at least. */
export interface ValidatorChoice {
  readonly validatorCountMax: number
  readonly bondMinMicro?: bigint
}

/**
 * The validators of an epoch: the `validatorCountMax` largest bonds, of equal ones those of the smaller agent ids. [CON-1]
 *
 * Shape   bonds: one an agent; those of 0, or below the least bond, are passed over.
 * Result  ordered by agent id; empty when nobody has a bond.
 * Cost    O(n log n)
 */
export function chooseValidators(
  bonds: Iterable<Bond>,
  { validatorCountMax, bondMinMicro = 1n }: ValidatorChoice,
): ValidatorSet {
  return [...bonds]
    .filter(({ bondMicro }) => bondMicro > 0n && bondMicro >= bondMinMicro)
    .toSorted((a, b) => compareBonds(a, b))
    .slice(0, validatorCountMax)
    .map(({ agent, bondMicro }) => ({ agent, stakeMicro: bondMicro }))
    .toSorted((a, b) => compareAgents(a.agent, b.agent))
}

function compareBonds(a: Bond, b: Bond): number {
  if (a.bondMicro !== b.bondMicro) return a.bondMicro > b.bondMicro ? -1 : 1
  return compareAgents(a.agent, b.agent)
}
