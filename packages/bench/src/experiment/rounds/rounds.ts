import { OperationalError } from '@commonweal/node/local'
import type { Fidelity } from '../fidelity.ts'
import { usesModels } from '../llm/check-models.ts'
import { withModelFacts } from '../llm/models.ts'
import { loadOwnAgents } from '../own/own-agents.ts'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import type { Deciders } from '../run-setup.ts'
import { runCommonsRounds } from './commons-rounds.ts'
import { runForecastRounds } from './forecast-rounds.ts'
import { runGameRounds } from './game-rounds.ts'

/** The state machine, the turns and the agents alone, as fast as the machine allows: no network and no fees. */
export const rounds: Fidelity = {
  async run(plan, signal, models) {
    signal.throwIfAborted()
    const ofRun = usesModels(plan.condition) ? (models?.ofRun(plan) ?? null) : null
    const own = await loadOwnAgents(plan)
    const result = await tryScenario(plan, { models: ofRun, own })
    const judged = own?.judge(result) ?? result
    return ofRun === null ? judged : withModelFacts(judged, ofRun.facts())
  },
}

async function tryScenario(plan: RunPlan, deciders: Deciders): Promise<RunResult> {
  try {
    return await runScenario(plan, deciders)
  } catch (cause) {
    // What the world did wrong says nothing about the agents.
    if (!(cause instanceof OperationalError)) throw cause
    return { status: 'failed', reason: `${cause.code}: ${cause.message}`, events: [] }
  }
}

async function runScenario(plan: RunPlan, deciders: Deciders): Promise<RunResult> {
  const { scenario } = plan.condition
  switch (scenario.kind) {
    case 'commons':
      return runCommonsRounds(plan, scenario, deciders)
    case 'game':
      return runGameRounds(plan, scenario, deciders)
    case 'forecast':
      return runForecastRounds(plan, scenario, deciders)
  }
}
