import type { Models } from './llm/models.ts'
import type { RunPlan } from './run-plan.ts'
import type { RunResult } from './run-result.ts'

/**
 * A way to carry out a run: by the state machine alone, among simulated replicas, or among real processes.
 *
 * The same plan gives the same result, on any machine and in any process: chance comes from the seed of the plan alone.
 * Where no fault is injected, every fidelity gives the same outcome.
 */
export interface Fidelity {
  /**
   * @param signal ends the run early: the promise is then rejected.
   * @param models answer for seats that ask them; left out where no seat does.
   * Errors  rejects with what is our own defect; what the world did wrong is a failed run.
   */
  run(plan: RunPlan, signal: AbortSignal, models?: Models): Promise<RunResult>
}
