import type { RunPlan } from '../run-plan.ts'
import type { Deciders } from '../run-setup.ts'

/** A run among processes, who decides where it is played again without faults, and what ends it. */
export interface NetRun {
  readonly plan: RunPlan
  readonly deciders: Deciders
  readonly signal: AbortSignal
}
