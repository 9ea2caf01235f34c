import type { AgentId, Report, Statement } from '@commonweal/protocol'
import type { Forecaster, ForecastSituation } from '../../forecast/forecaster.ts'

/** A statement that gives a report and a reason for it. */
export function state(
  report: Report,
  reasoning: string,
  parents: Statement['parents'] = [],
): Statement {
  return { report, findings: [], parents, reasoning, hypotheses: [] }
}

/** A seller that learns nothing, pays nobody, and serves whoever asks. */
export function createSeller(
  name: string,
  suppliers: readonly AgentId[],
  say: (situation: ForecastSituation) => Statement | null,
): Forecaster {
  return {
    name,
    suppliers,
    forecast: say,
    learn: () => {},
    chooseStreams: () => null,
    serves: () => true,
  }
}
