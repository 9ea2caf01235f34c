import type { AgentId, Report } from '@commonweal/protocol'
import { agentNamed } from './agent-named.ts'
import type { Forecast, ImportedQuestions } from './import-questions.ts'
import { toReport } from './to-report.ts'

/** What one forecaster said last about a question. */
export interface LastReport {
  readonly agent: AgentId
  readonly name: string
  readonly report: Report
}

/**
 * The last word of everybody in a role on each question, by question id. What was said after a question closed does not count:
 * its answer may have been known. Of two forecasts at the same time the later line counts.
 */
export function lastReports(
  imported: ImportedQuestions,
  role: string,
): ReadonlyMap<string, readonly LastReport[]> {
  const agents = new Map<string, AgentId>()
  const byQuestion = Map.groupBy(
    inTime(imported).filter((forecast) => forecast.role === role),
    ({ questionId }) => questionId,
  )
  return new Map(
    [...byQuestion].map(([questionId, forecasts]) => {
      const last = new Map<string, Forecast>()
      for (const forecast of forecasts) keepLater(last, forecast.forecaster, forecast)
      const reports = [...last].map(([name, { probabilities }]) => {
        const agent = agents.get(name) ?? agentNamed(name)
        agents.set(name, agent)
        return { agent, name, report: toReport(probabilities) }
      })
      return [questionId, reports]
    }),
  )
}

/** The last report of a role on each question, whoever made it: the price of a market at close, say. */
export function lastReportOfAnybody(
  imported: ImportedQuestions,
  role: string,
): ReadonlyMap<string, Report> {
  const last = new Map<string, Forecast>()
  for (const forecast of inTime(imported)) {
    if (forecast.role === role) keepLater(last, forecast.questionId, forecast)
  }
  return new Map([...last].map(([id, { probabilities }]) => [id, toReport(probabilities)]))
}

/** Forecasts that were made when their question had closed. */
export function countLate(imported: ImportedQuestions): number {
  return imported.forecasts.length - inTime(imported).length
}

function inTime({ questions, forecasts }: ImportedQuestions): readonly Forecast[] {
  const closes = new Map(questions.map(({ id, closeAtMs }) => [id, closeAtMs]))
  return forecasts.filter(
    ({ questionId, atMs }) => atMs <= (closes.get(questionId) ?? Number.NEGATIVE_INFINITY),
  )
}

function keepLater(last: Map<string, Forecast>, key: string, forecast: Forecast): void {
  const earlier = last.get(key)
  if (earlier === undefined || forecast.atMs >= earlier.atMs) last.set(key, forecast)
}
