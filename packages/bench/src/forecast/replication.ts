import { type AgentId, type Report, scoreQuestion, WHOLE_BPS } from '@commonweal/protocol'
import { agentNamed } from './agent-named.ts'
import type { Forecast, ImportedQuestions, ResolvedQuestion } from './import-questions.ts'
import { toReport } from './to-report.ts'

/** Weight of every forecaster before the first question. */
const WEIGHT_MICRO = 1_000_000_000n
const COPIER = agentNamed('copier of the pool')

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
  /** How many times the copier's weight at the end is that at the start; null without one. */
  readonly copierGrowth: number | null
}

/** Questions by opening, then by id. */
export function byOpening(questions: readonly ResolvedQuestion[]): readonly ResolvedQuestion[] {
  return questions.toSorted((a, b) => a.openAtMs - b.openAtMs || (a.id < b.id ? -1 : 1))
}

export interface ReplicationOptions {
  /** Whose forecasts are reports: `survey`, `model`. */
  readonly role: string
  /** Whether one more agent, with as much weight at first, reports the weighted pool of all that the others report. */
  readonly hasCopier?: boolean
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
  { role, hasCopier = false }: ReplicationOptions,
): Replication {
  const reports = lastReports(forecasts, role)
  const names = new Set([...reports.values()].flatMap((byAgent) => [...byAgent.keys()]))
  const weights = new Map([...names].map((agent) => [agent, WEIGHT_MICRO]))
  const forecasterCount = weights.size
  if (hasCopier) weights.set(COPIER, WEIGHT_MICRO)
  const losses: { equal: number; weighted: number }[] = []
  let cappedCount = 0
  for (const { id, outcomes, outcomeIndex } of ordered) {
    const said = [...(reports.get(id) ?? [])].map(([agent, report]) => ({
      agent,
      weightMicro: weights.get(agent) ?? 0n,
      report,
    }))
    if (said.length === 0) continue
    const pool = poolOf(said)
    const equalPool = poolOf(said.map(({ report }) => ({ report, weightMicro: 1n })))
    losses.push({
      equal: -Math.log(equalPool[outcomeIndex] ?? 0),
      weighted: -Math.log(pool[outcomeIndex] ?? 0),
    })
    const copied = { agent: COPIER, weightMicro: weights.get(COPIER) ?? 0n, report: toReport(pool) }
    const awake = hasCopier ? [...said, copied] : said
    const sum = awake.reduce((total, { weightMicro }) => total + weightMicro, 0n)
    if (awake.some(({ weightMicro }) => weightMicro > sum / 5n)) cappedCount += 1
    const scored = scoreQuestion({
      outcomeCount: outcomes.length,
      outcomeIndex,
      snapshotWeightsBps: [10_000],
      house: null,
      reporters: awake.map(({ agent, weightMicro, report }) => ({
        agent,
        weightMicro,
        reports: [report],
      })),
    })
    for (const { agent, weightMicro } of scored.reporters) weights.set(agent, weightMicro)
  }
  return {
    questionCount: losses.length,
    forecasterCount,
    equalPoolLoss: losses.reduce((total, { equal }) => total + equal, 0) / losses.length,
    weightedPoolLoss: losses.reduce((total, { weighted }) => total + weighted, 0) / losses.length,
    weightBeforeMicro: WEIGHT_MICRO * BigInt(weights.size),
    weightAfterMicro: [...weights.values()].reduce((total, weight) => total + weight, 0n),
    cappedCount,
    copierGrowth: hasCopier ? Number(weights.get(COPIER)) / Number(WEIGHT_MICRO) : null,
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
    return [-Math.log((toReport(forecast.probabilities)[outcomeIndex] ?? 0) / WHOLE_BPS)]
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

/** The arithmetic pool, as probabilities. */
function poolOf(
  said: readonly { readonly report: Report; readonly weightMicro: bigint }[],
): readonly number[] {
  const total = said.reduce((sum, { weightMicro }) => sum + Number(weightMicro), 0)
  const outcomes = said[0]?.report ?? []
  return outcomes.map((_, outcome) => {
    const weighted = said.map(
      ({ report, weightMicro }) => Number(weightMicro) * (report[outcome] ?? 0),
    )
    return weighted.reduce((sum, part) => sum + part, 0) / total / WHOLE_BPS
  })
}
