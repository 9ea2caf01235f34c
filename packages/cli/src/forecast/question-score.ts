import { type ForecastScore, scoreForecast } from '@commonweal/bench/forecast'
import {
  type AgentId,
  computeKellyScores,
  type Report,
  reportFloorBps,
  WHOLE_BPS,
} from '@commonweal/protocol'
import type { ResolvedHistory } from './market-history.ts'

/** Stands for the house where agents are named: no agent id is like it. */
export const HOUSE = 'house'
export type Participant = AgentId | typeof HOUSE

/** How one agent, or the house, did on one question. */
export interface ForecastMark {
  readonly agent: Participant
  /** Of what it opened, on average over its snapshots by their weights; null where it opened no report. */
  readonly score: ForecastScore | null
  /** By how much its log score is above that of the house, in nats; null like the score. */
  readonly skill: number | null
  /** The public score, added up over snapshots by their weights; null for who has no weight, or no field. [EMI-14] */
  readonly kelly: number | null
}

/**
 * Marks of everybody who opened a report on a question or is scored on it, the house first.
 *
 * A report that was kept back counts as the floor in the public score, as it does for weight [EMI-15]. The events do not say
 * in which of several snapshots it was sealed: it counts in each in which its author opened nothing.
 */
export function markQuestion(question: ResolvedHistory): readonly ForecastMark[] {
  const { body, end, statements } = question
  const house = scoreForecast(probabilities(body.referenceBps), end.outcome)
  const authors = statements
    .filter(({ statement }) => statement.report !== null)
    .map(({ author }) => author)
  const agents = [...new Set([...authors, ...end.weights.map(({ agent }) => agent)])].toSorted()
  const kellys = sumKellys(question)
  const marks = agents.map((agent): ForecastMark => {
    const score = scoreOpened(question, agent)
    const skill = score === null ? null : house.logLoss - score.logLoss
    return { agent, score, skill, kelly: kellys.get(agent) ?? null }
  })
  return [{ agent: HOUSE, score: house, skill: 0, kelly: kellys.get(HOUSE) ?? null }, ...marks]
}

/** Basis points as probabilities. */
export function probabilities(report: Report): readonly number[] {
  return report.map((bps) => bps / WHOLE_BPS)
}

/** What an agent opened in a snapshot; undefined where it opened nothing, or findings alone. */
function reportIn(
  { statements }: ResolvedHistory,
  agent: AgentId,
  snapshot: number,
): Report | undefined {
  const found = statements.find((one) => one.author === agent && one.snapshot === snapshot)
  return found?.statement.report ?? undefined
}

function scoreOpened(question: ResolvedHistory, agent: AgentId): ForecastScore | null {
  const { body, end } = question
  const scored = body.snapshots.flatMap(({ weightBps }, snapshot) => {
    const report = reportIn(question, agent, snapshot)
    if (report === undefined) return []
    return [{ weightBps, score: scoreForecast(probabilities(report), end.outcome) }]
  })
  const total = scored.reduce((sum, { weightBps }) => sum + weightBps, 0)
  if (total === 0) return null
  const mean = (pick: (score: ForecastScore) => number): number =>
    scored.reduce((sum, { weightBps, score }) => sum + weightBps * pick(score), 0) / total
  return { logLoss: mean(({ logLoss }) => logLoss), brier: mean(({ brier }) => brier) }
}

function sumKellys(question: ResolvedHistory): ReadonlyMap<Participant, number> {
  const sums = new Map<Participant, number>()
  for (const [snapshot, { weightBps }] of question.body.snapshots.entries()) {
    const awake = awakeIn(question, snapshot)
    const scores = computeKellyScores(awake)
    for (const [place, { agent }] of awake.entries()) {
      const score = scores[place] ?? null
      if (score === null) continue
      sums.set(agent, (sums.get(agent) ?? 0) + (weightBps / WHOLE_BPS) * score)
    }
  }
  return sums
}

/** Everybody with weight who was awake in a snapshot, and what it gave to what came true. [EMI-4] */
function awakeIn(question: ResolvedHistory, snapshot: number) {
  const { body, end, withheld } = question
  const floorBps = reportFloorBps(body.outcomes.length)
  const agents = end.weights.flatMap(({ agent, beforeMicro }) => {
    const report = reportIn(question, agent, snapshot)
    const isAwake = report !== undefined || withheld.includes(agent)
    if (!isAwake || beforeMicro <= 0n) return []
    return [
      { agent, weightMicro: beforeMicro, outcomeBps: report?.[end.outcome] ?? floorBps },
    ] as const
  })
  const house = {
    agent: HOUSE,
    weightMicro: end.house.beforeMicro,
    outcomeBps: body.referenceBps[end.outcome] ?? floorBps,
  } as const
  return [...(house.weightMicro > 0n ? [house] : []), ...agents]
}
