export type { Failure } from './checker/checker.ts'
export { type CommonsRunOptions, type CommonsRunReport, runCommons } from './commons-run.ts'
export type { Scheduled, TimelessInput } from './engine/event.ts'
export { KeyRing } from './engine/keyed-hash.ts'
export { World } from './engine/world.ts'
export type { WorldOptions, WorldReport } from './engine/world-options.ts'
export { type FinalityOptions, type FinalityReport, measureFinality } from './finality.ts'
export { MUTANTS, type Mutant } from './mutant/mutants.ts'
export { type MutantVerdict, tryMutant } from './mutant/try-mutant.ts'
export { answerQuestion, attachAgents } from './network/attached-agents.ts'
export {
  createReplicaNetwork,
  type ReplicaNetworkOptions,
  ReplicaProcess,
} from './network/replica-network.ts'
export type { InstancePlan, LinkFaults, Plan } from './plan/plan.ts'
export type { Network, Process, ProcessEffect, ProcessOptions } from './process.ts'
export { formatRequest, type RunRequest, type RunResult } from './request.ts'
export { runRequest } from './run.ts'
