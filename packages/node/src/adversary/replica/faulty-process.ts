import type { AgentId, Cid, Input, Signer, Verified } from '@commonweal/protocol'
import type { Process, ProcessEffect } from './process.ts'

/** Draws of a faulty process: seeded ones where a run must be the same again. */
export interface Draws {
  /** An integer in [0, count); 0 for a count of 0. */
  below(count: number): number
  /** True this many times in a million. */
  chance(ppm: number): boolean
  /** One of the items, which must not be empty. */
  pick<T>(items: readonly T[]): T
}

/** What a faulty process is made from beside an honest one: its key, whom it knows, draws of its own. */
export interface BehaviourTools {
  readonly networkId: Cid
  readonly signer: Signer
  /** All agents of the network, its own among them. */
  readonly agents: readonly AgentId[]
  readonly random: Draws
  readonly open: (envelope: Uint8Array) => Verified | null
  /** A process with the same key that nobody else runs: the second mouth of one that says two things. */
  readonly createSecond: () => Process
}

/** The agents that a process may speak to. */
export function othersOf({ agents, signer }: BehaviourTools): readonly AgentId[] {
  return agents.filter((agent) => agent !== signer.agent)
}

/** The same process with another `step`. */
export function withStep(
  process: Process,
  step: (input: Input) => readonly ProcessEffect[],
): Process {
  return {
    step,
    nextDeadlineMs: () => process.nextDeadlineMs(),
    inspect: () => process.inspect(),
  }
}

/** The message that an effect sends, if it sends one. */
export function messageOf(
  effect: ProcessEffect,
  { open }: Pick<BehaviourTools, 'open'>,
): Verified | null {
  if (effect.kind === 'publish') return open(effect.envelope)
  if (effect.kind === 'send' && effect.frame.kind === 'envelope') return open(effect.frame.envelope)
  return null
}
