import { OperationalError } from '@commonweal/node/local'
import type { Fidelity } from '../fidelity.ts'
import { usesModels } from '../llm/check-models.ts'
import { type RunModels, withModelFacts } from '../llm/models.ts'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import { runCommonsRounds } from './commons-rounds.ts'
import { runForecastRounds } from './forecast-rounds.ts'
import { runGameRounds } from './game-rounds.ts'

/** The state machine, the turns and the agents alone, as fast as the machine allows: no network and no fees. */
export const rounds: Fidelity = {
  async run(plan, signal, models) {
    signal.throwIfAborted()
    const ofRun = usesModels(plan.condition) ? (models?.ofRun(plan) ?? null) : null
    const result = await tryScenario(plan, ofRun)
    return ofRun === null ? result : withModelFacts(result, ofRun.facts())
  },
}

async function tryScenario(plan: RunPlan, models: RunModels | null): Promise<RunResult> {
  try {
    return await runScenario(plan, models)
  } catch (cause) {
    // What the world did wrong says nothing about the agents.
    if (!(cause instanceof OperationalError)) throw cause
    return { status: 'failed', reason: `${cause.code}: ${cause.message}`, events: [] }
  }
}

async function runScenario(plan: RunPlan, models: RunModels | null): Promise<RunResult> {
  const { scenario } = plan.condition
  switch (scenario.kind) {
    case 'commons':
      return runCommonsRounds(plan, scenario, models)
    case 'game':
      return runGameRounds(plan, scenario, models)
    case 'forecast':
      return runForecastRounds(plan, scenario)
  }
}
