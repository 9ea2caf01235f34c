/** Adversaries in the protocol: replicas that break its rules, for nodes and for the simulator. */

export { createBehaviour, type FaultyBehaviour } from './replica/behaviour.ts'
export { createCrasher } from './replica/crasher.ts'
export {
  clockOf,
  createFaulty,
  FAULT_KINDS,
  type FaultKind,
  isFaultKind,
  LIFELONG_FAULTS,
  stateChangeOf,
} from './replica/fault.ts'
export { type BehaviourTools, withStep } from './replica/faulty-process.ts'
export type { Inspection, Process, ProcessEffect } from './replica/process.ts'
export { timedSpells } from './replica/spell.ts'
export type { StateChange } from './replica/withheld.ts'
