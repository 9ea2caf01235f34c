import { OperationalError } from '@commonweal/node/local'
import type { Fidelity } from '../fidelity.ts'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import { runCommonsRounds } from './commons-rounds.ts'
import { runForecastRounds } from './forecast-rounds.ts'
import { runGameRounds } from './game-rounds.ts'

/** The state machine, the turns and the agents alone, as fast as the machine allows: no network and no fees. */
export const rounds: Fidelity = {
  async run(plan, signal) {
    signal.throwIfAborted()
    try {
      return await runScenario(plan)
    } catch (cause) {
      // What the world did wrong says nothing about the agents.
      if (!(cause instanceof OperationalError)) throw cause
      return { status: 'failed', reason: `${cause.code}: ${cause.message}`, events: [] }
    }
  },
}

function runScenario(plan: RunPlan): Promise<RunResult> {
  const { scenario } = plan.condition
  switch (scenario.kind) {
    case 'commons':
      return runCommonsRounds(plan, scenario)
    case 'game':
      return runGameRounds(plan, scenario)
    case 'forecast':
      return runForecastRounds(plan, scenario)
  }
}
