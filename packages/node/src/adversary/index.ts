/** Adversaries in the protocol: replicas that break its rules, for nodes and for the simulator. */

export type { StateChange } from '../replica-port.ts'
export {
  FAULT_KINDS,
  type Fault,
  type FaultKind,
  isFaultKind,
  isWireKind,
  LIFELONG_FAULTS,
  SPELL_MS_DEFAULT,
  SPELL_MS_MAX,
  WIRE_KINDS,
  type WireKind,
} from './kinds.ts'
export { createBehaviour, type FaultyBehaviour } from './replica/behaviour.ts'
export { createCrasher } from './replica/crasher.ts'
export { clockOf, createFaulty, stateChangeOf } from './replica/fault.ts'
export { type BehaviourTools, withStep } from './replica/faulty-process.ts'
export type { Inspection, Process, ProcessEffect } from './replica/process.ts'
export { dropPool } from './replica/second-mouth.ts'
export { timedSpells } from './replica/spell.ts'
export { createStaleAnswer } from './wire/answers.ts'
export { ELSEWHERE, sealElsewhere } from './wire/foreign.ts'
export { changeSignature, forgeNullification } from './wire/forgery.ts'
export {
  FRAME_BYTES_ABOVE,
  GOSSIP_BYTES_ABOVE,
  sealTalk,
  TALK_BYTES_ABOVE,
} from './wire/oversize.ts'
export { SYNC_LIES, type SyncLie } from './wire/sync-lies.ts'
export { TWINS } from './wire/twins.ts'
