import type { AgentId } from '@commonweal/protocol'
import { type NameOf, roleOf } from './agent-names.ts'
import { isResolved, type MarketHistory, resolvedQuestions } from './market-history.ts'
import type { MarketView } from './market-view.ts'
import { sumPay } from './pay.ts'
import { type ForecastMark, HOUSE, markQuestion, type Participant } from './question-score.ts'

/** What the leaderboard is sorted by. */
export const RANKINGS = ['weight', 'K'] as const
export type Ranking = (typeof RANKINGS)[number]

/** One agent, or the house, over all settled questions that something came true of. */
export interface LeaderboardRow {
  readonly agent: Participant
  readonly name: string
  readonly role: string
  /** On which it opened a statement. */
  readonly questionCount: number
  /** On which it sealed something and did not open it. */
  readonly withheldCount: number
  /** Mean over its questions of its log score above that of the house, in nats; null without a report. */
  readonly skill: number | null
  /** ΣK, the public score; null where it was never scored. [EMI-14] */
  readonly kellyTotal: number | null
  readonly kellyMean: number | null
  /** When it was first scored; else as it is. Null without a lock. */
  readonly weightFirstMicro: bigint | null
  readonly weightMicro: bigint | null
  /** What scores alone moved, without locks and top-ups. */
  readonly weightWonMicro: bigint
  /** e: minted for its own forecasts. */
  readonly paidMicro: bigint
  readonly receivedMicro: bigint
  readonly passedOnMicro: bigint
  /** n: what it keeps of all that. */
  readonly keptMicro: bigint
}

/** Everybody who has said something, holds a lock, or was paid, and the house; the first is the best. */
export function computeLeaderboard(
  history: MarketHistory,
  view: MarketView,
  nameOf: NameOf,
  by: Ranking,
): readonly LeaderboardRow[] {
  const marks = Map.groupBy(resolvedQuestions(history).flatMap(markQuestion), ({ agent }) => agent)
  const row = (agent: Participant, weights: Weights): Omit<LeaderboardRow, 'name' | 'role'> => ({
    agent,
    ...countQuestions(history, agent),
    ...sumMarks(marks.get(agent) ?? []),
    ...weights,
    ...sumPay(history.emissions, agent),
  })
  const agents = participants(history, view).map((agent): LeaderboardRow => {
    const weights = weightsOf(history, view, agent)
    const name = nameOf(agent)
    return { name, role: roleOf(name, weights.weightMicro !== null), ...row(agent, weights) }
  })
  const house = { name: HOUSE, role: HOUSE, ...row(HOUSE, houseWeights(history, view)) }
  return [...agents, house].toSorted((a, b) => compareBy(by, a, b))
}

type Weights = Pick<LeaderboardRow, 'weightFirstMicro' | 'weightMicro' | 'weightWonMicro'>

function participants(history: MarketHistory, view: MarketView): readonly AgentId[] {
  const questions = history.questions.filter(isResolved)
  return [
    ...new Set([
      ...view.locks.map(({ agent }) => agent),
      ...questions.flatMap(({ statements }) => statements.map(({ author }) => author)),
      ...questions.flatMap(({ withheld }) => withheld),
      ...history.emissions.flatMap(({ payments, nets }) =>
        [...payments, ...nets].map(({ agent }) => agent),
      ),
    ]),
  ]
}

function countQuestions(
  history: MarketHistory,
  agent: Participant,
): Pick<LeaderboardRow, 'questionCount' | 'withheldCount'> {
  const questions = resolvedQuestions(history)
  // The house reports on all of them.
  if (agent === HOUSE) return { questionCount: questions.length, withheldCount: 0 }
  return {
    questionCount: questions.filter(({ statements }) =>
      statements.some(({ author }) => author === agent),
    ).length,
    withheldCount: questions.filter(({ withheld }) => withheld.includes(agent)).length,
  }
}

function sumMarks(
  marks: readonly ForecastMark[],
): Pick<LeaderboardRow, 'skill' | 'kellyTotal' | 'kellyMean'> {
  const skills = marks.flatMap(({ skill }) => skill ?? [])
  const kellys = marks.flatMap(({ kelly }) => kelly ?? [])
  return {
    skill: meanOf(skills),
    kellyTotal: kellys.length === 0 ? null : sumOf(kellys),
    kellyMean: meanOf(kellys),
  }
}

function weightsOf(history: MarketHistory, view: MarketView, agent: AgentId): Weights {
  const lock = view.locks.find((one) => one.agent === agent)
  const scored = resolvedQuestions(history).flatMap(({ end }) =>
    end.weights.filter((weight) => weight.agent === agent),
  )
  const weightMicro = lock?.weightMicro ?? null
  return {
    weightFirstMicro: scored[0]?.beforeMicro ?? weightMicro,
    weightMicro,
    weightWonMicro: scored.reduce((sum, one) => sum + one.afterMicro - one.beforeMicro, 0n),
  }
}

function houseWeights(history: MarketHistory, view: MarketView): Weights {
  const ends = resolvedQuestions(history).map(({ end }) => end.house)
  return {
    weightFirstMicro: ends[0]?.beforeMicro ?? view.houseWeightMicro,
    weightMicro: view.houseWeightMicro,
    weightWonMicro: ends.reduce((sum, one) => sum + one.afterMicro - one.beforeMicro, 0n),
  }
}

function compareBy(by: Ranking, a: LeaderboardRow, b: LeaderboardRow): number {
  const byKelly =
    (b.kellyTotal ?? Number.NEGATIVE_INFINITY) - (a.kellyTotal ?? Number.NEGATIVE_INFINITY)
  const byWeight = compareBigint(b.weightMicro ?? -1n, a.weightMicro ?? -1n)
  const kept = compareBigint(b.keptMicro, a.keptMicro)
  // Two without a score are as good as each other: their difference is not a number.
  const first = by === 'K' ? byKelly || byWeight : byWeight || byKelly
  return first || kept || (a.name < b.name ? -1 : 1)
}

function compareBigint(a: bigint, b: bigint): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

function meanOf(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : sumOf(numbers) / numbers.length
}
