import { type AgentId, agentIdOf, hashOf, type Report, scoreQuestion } from '@commonweal/protocol'
import { fromString } from 'uint8arrays/from-string'
import type { Forecast, ImportedQuestions, ResolvedQuestion } from './import-questions.ts'
import { toReport } from './to-report.ts'

/** Weight of every forecaster before the first question. */
const WEIGHT_MICRO = 1_000_000_000n

export interface Replication {
  readonly questionCount: number
  readonly forecasterCount: number
  /** Mean log loss, in nats, of the arithmetic pool with equal weights. */
  readonly equalPoolLoss: number
  /** The same with weights that the update moved after each earlier question. */
  readonly weightedPoolLoss: number
  readonly weightBeforeMicro: bigint
  readonly weightAfterMicro: bigint
  /** Questions in which somebody held more than a fifth, so that the cap changed what moved. */
  readonly cappedCount: number
}

/** Questions by opening, then by id. */
export function byOpening(questions: readonly ResolvedQuestion[]): readonly ResolvedQuestion[] {
  return questions.toSorted((a, b) => a.openAtMs - b.openAtMs || (a.id < b.id ? -1 : 1))
}

/**
 * Plays resolved questions through the update: no house, one snapshot, equal weights at the start, and the last
 * forecast of everybody in a role. Abstaining keeps a weight.
 *
 * @param ordered the questions in the order in which they are scored.
 */
export function replicate(
  ordered: readonly ResolvedQuestion[],
  { forecasts }: ImportedQuestions,
  role: string,
): Replication {
  const reports = lastReports(forecasts, role)
  const names = new Set([...reports.values()].flatMap((byAgent) => [...byAgent.keys()]))
  const weights = new Map([...names].map((agent) => [agent, WEIGHT_MICRO]))
  const losses: { equal: number; weighted: number }[] = []
  let cappedCount = 0
  for (const question of ordered) {
    const reporters = [...(reports.get(question.id) ?? [])].map(([agent, report]) => ({
      agent,
      weightMicro: weights.get(agent) ?? 0n,
      reports: [report],
    }))
    if (reporters.length === 0) continue
    const { outcomes, outcomeIndex } = question
    const said = reporters.map(({ weightMicro, reports: [report] }) => ({
      weight: Number(weightMicro),
      probability: (report?.[outcomeIndex] ?? 0) / 10_000,
    }))
    losses.push({
      equal: -Math.log(meanOf(said.map(({ probability }) => ({ weight: 1, probability })))),
      weighted: -Math.log(meanOf(said)),
    })
    const sum = reporters.reduce((total, { weightMicro }) => total + weightMicro, 0n)
    if (reporters.some(({ weightMicro }) => weightMicro > sum / 5n)) cappedCount += 1
    const scored = scoreQuestion({
      outcomeCount: outcomes.length,
      outcomeIndex,
      snapshotWeightsBps: [10_000],
      house: null,
      reporters,
    })
    for (const { agent, weightMicro } of scored.reporters) weights.set(agent, weightMicro)
  }
  return {
    questionCount: losses.length,
    forecasterCount: weights.size,
    equalPoolLoss: losses.reduce((total, { equal }) => total + equal, 0) / losses.length,
    weightedPoolLoss: losses.reduce((total, { weighted }) => total + weighted, 0) / losses.length,
    weightBeforeMicro: WEIGHT_MICRO * BigInt(weights.size),
    weightAfterMicro: [...weights.values()].reduce((total, weight) => total + weight, 0n),
    cappedCount,
  }
}

/** Mean log loss of the last forecast of a role before each question closes: a market's price, say. */
export function lossOfLast(
  questions: readonly ResolvedQuestion[],
  { forecasts }: ImportedQuestions,
  role: string,
): number {
  const last = new Map<string, Forecast>()
  const closes = new Map(questions.map(({ id, closeAtMs }) => [id, closeAtMs]))
  for (const forecast of forecasts) {
    const { questionId, atMs } = forecast
    if (forecast.role !== role || atMs > (closes.get(questionId) ?? 0)) continue
    if (atMs >= (last.get(questionId)?.atMs ?? 0)) last.set(questionId, forecast)
  }
  const losses = questions.flatMap(({ id, outcomeIndex }) => {
    const forecast = last.get(id)
    if (forecast === undefined) return []
    return [-Math.log((toReport(forecast.probabilities)[outcomeIndex] ?? 0) / 10_000)]
  })
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
}

/** What everybody said last about each question, as reports; later lines win. */
function lastReports(
  forecasts: readonly Forecast[],
  role: string,
): ReadonlyMap<string, ReadonlyMap<AgentId, Report>> {
  const reports = new Map<string, Map<AgentId, Report>>()
  for (const forecast of forecasts) {
    if (forecast.role !== role) continue
    const byAgent = reports.get(forecast.questionId) ?? new Map<AgentId, Report>()
    byAgent.set(agentNamed(forecast.forecaster), toReport(forecast.probabilities))
    reports.set(forecast.questionId, byAgent)
  }
  return reports
}

/** The agent that stands for a forecaster of a data set. Nobody holds its key. */
function agentNamed(forecaster: string): AgentId {
  return agentIdOf(hashOf(fromString(`commonweal/forecaster/${forecaster}`, 'utf8')))
}

function meanOf(said: readonly { weight: number; probability: number }[]): number {
  const total = said.reduce((sum, { weight }) => sum + weight, 0)
  return said.reduce((sum, { weight, probability }) => sum + weight * probability, 0) / total
}
