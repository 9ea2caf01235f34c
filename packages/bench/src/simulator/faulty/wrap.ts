import type { Input, Verified } from '@commonweal/protocol'
import type { Random } from '../engine/random.ts'
import type { Network, Process, ProcessEffect, ProcessOptions } from '../process.ts'

/** What a faulty process is made from: an honest one, its key, draws of its own. */
export interface BehaviourTools {
  readonly network: Network
  readonly options: ProcessOptions
  readonly random: Random
  readonly open: (envelope: Uint8Array) => Verified | null
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
export function messageOf(effect: ProcessEffect, { open }: BehaviourTools): Verified | null {
  if (effect.kind === 'publish') return open(effect.envelope)
  if (effect.kind === 'send' && effect.frame.kind === 'envelope') return open(effect.frame.envelope)
  return null
}
