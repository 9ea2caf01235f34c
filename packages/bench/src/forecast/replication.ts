import {
  type AgentId,
  computeKellyScores,
  present,
  type Report,
  scoreQuestion,
  WHOLE_BPS,
} from '@commonweal/protocol'
import { agentNamed } from './agent-named.ts'
import type { ImportedQuestions, ResolvedQuestion } from './import-questions.ts'
import { lastReportOfAnybody, lastReports } from './last-reports.ts'
import {
  computeArithmeticPool,
  type ForecastScore,
  type MeanScore,
  meanScore,
  scoreForecast,
} from './pool-score.ts'
import { toReport } from './to-report.ts'

/** Weight of every forecaster before the first question. */
const WEIGHT_MICRO = 1_000_000_000n
const COPIER = 'copier of the pool'

export interface ReplicationOptions {
  /** Whose forecasts are reports: `survey`, `model`. */
  readonly role: string
  /** Part of all weight with which a house opens, above 0 and below 1; it gives every outcome the same. Default: no house. */
  readonly houseShare?: number
  /** Whether one more agent, with as much weight at first, reports the weighted pool of all that the others report. */
  readonly hasCopier?: boolean
  /** Told after each question how many are done. */
  readonly onQuestion?: (doneCount: number) => void
}

export interface Replication {
  readonly forecasterCount: number
  /** Of the arithmetic pool of the forecasters with equal weights, over the questions on which somebody reported. */
  readonly equalPool: MeanScore
  /** The same with weights that the update moved after each earlier question. The house is not in the pool. */
  readonly weightedPool: MeanScore
  /** Log loss of the equal-weight pool less that of the weighted one, by question. */
  readonly gains: readonly number[]
  /** Σ W of all, the house and the copier included. */
  readonly weightBeforeMicro: bigint
  readonly weightAfterMicro: bigint
  /** How many times the house's weight at the end is that at the start; null without one. */
  readonly houseGrowth: number | null
  /** Questions in which somebody held more than a fifth, so that the cap changed what moved. */
  readonly cappedCount: number
  /** How many times the copier's weight at the end is that at the start; null without one. */
  readonly copierGrowth: number | null
  /** Who outgrew the field by most comes first. */
  readonly standings: readonly Standing[]
}

/** What became of one forecaster. */
export interface Standing {
  readonly name: string
  /** Questions on which it reported. */
  readonly questionCount: number
  /** Σ K over them, in nats: by how much a bettor with its forecasts outgrew the field. Null if it was always alone. */
  readonly kellyTotal: number | null
  /** Standard error of the sum, from how much K differs between questions; null below two. */
  readonly kellyError: number | null
  /** How many times its weight at the end is that at the start. */
  readonly growth: number
  readonly weightMicro: bigint
}

/** Everybody while questions are played. */
interface Table {
  readonly weights: Map<AgentId, bigint>
  readonly names: ReadonlyMap<AgentId, string>
  readonly kellys: Map<AgentId, { questionCount: number; scores: number[] }>
  houseMicro: bigint | null
}

/** One who is awake in a question. */
interface Awake {
  readonly agent: AgentId
  readonly weightMicro: bigint
  readonly report: Report
}

/** Questions by opening, then by id. */
export function byOpening(questions: readonly ResolvedQuestion[]): readonly ResolvedQuestion[] {
  return questions.toSorted((a, b) => a.openAtMs - b.openAtMs || (a.id < b.id ? -1 : 1))
}

/** Questions by closing, then by id: what moved a weight was then known when it is used, if answers come at close. */
export function byClosing(questions: readonly ResolvedQuestion[]): readonly ResolvedQuestion[] {
  return questions.toSorted((a, b) => a.closeAtMs - b.closeAtMs || (a.id < b.id ? -1 : 1))
}

/**
 * Plays resolved questions through the network's update: one snapshot, equal weights at the start, and the last forecast of
 * everybody in a role. Abstaining keeps a weight.
 *
 * @param ordered the questions in the order in which they are scored.
 * @returns null where nobody in the role said anything in time.
 */
export function replicate(
  ordered: readonly ResolvedQuestion[],
  imported: ImportedQuestions,
  options: ReplicationOptions,
): Replication | null {
  const reports = lastReports(imported, options.role)
  const table = openTable([...reports.values()].flat(), options)
  const forecasterCount = table.names.size - (options.hasCopier === true ? 1 : 0)
  const weightBeforeMicro = totalOf(table)
  const houseBeforeMicro = table.houseMicro
  const equal: ForecastScore[] = []
  const weighted: ForecastScore[] = []
  let cappedCount = 0
  for (const [index, question] of ordered.entries()) {
    const said = weigh(table, reports.get(question.id) ?? [])
    if (said.length > 0) {
      const pool = computeArithmeticPool(said)
      const equalPool = computeArithmeticPool(
        said.map(({ report }) => ({ report, weightMicro: 1n })),
      )
      equal.push(scoreForecast(equalPool, question.outcomeIndex))
      weighted.push(scoreForecast(pool, question.outcomeIndex))
      const copied = { agent: agentNamed(COPIER), report: toReport(pool) }
      const awake = options.hasCopier === true ? [...said, ...weigh(table, [copied])] : said
      if (isCapped(table, awake)) cappedCount += 1
      settle(table, question, awake)
    }
    options.onQuestion?.(index + 1)
  }
  const equalPool = meanScore(equal)
  const weightedPool = meanScore(weighted)
  if (equalPool === null || weightedPool === null) return null
  const standings = rank(table)
  return {
    forecasterCount,
    equalPool,
    weightedPool,
    gains: equal.map(({ logLoss }, index) => logLoss - (weighted[index]?.logLoss ?? 0)),
    weightBeforeMicro,
    weightAfterMicro: totalOf(table),
    houseGrowth:
      houseBeforeMicro === null ? null : Number(table.houseMicro) / Number(houseBeforeMicro),
    cappedCount,
    copierGrowth: standings.find(({ name }) => name === COPIER)?.growth ?? null,
    standings: standings.filter(({ name }) => name !== COPIER),
  }
}

/** Of the last forecast in a role before each question closes: a market's price, say. Null where there is none. */
export function scoreOfLast(
  questions: readonly ResolvedQuestion[],
  imported: ImportedQuestions,
  role: string,
): MeanScore | null {
  const last = lastReportOfAnybody(imported, role)
  return meanScore(
    questions.flatMap(({ id, outcomeIndex }) => {
      const report = last.get(id)
      if (report === undefined) return []
      return [
        scoreForecast(
          report.map((bps) => bps / WHOLE_BPS),
          outcomeIndex,
        ),
      ]
    }),
  )
}

function openTable(
  reports: readonly { readonly agent: AgentId; readonly name: string }[],
  { hasCopier = false, houseShare }: ReplicationOptions,
): Table {
  const names = new Map(reports.map(({ agent, name }) => [agent, name]))
  if (hasCopier) names.set(agentNamed(COPIER), COPIER)
  const weights = new Map([...names.keys()].map((agent) => [agent, WEIGHT_MICRO]))
  const ofHouse = ((houseShare ?? 0) / (1 - (houseShare ?? 0))) * Number(WEIGHT_MICRO) * names.size
  const houseMicro = houseShare === undefined ? null : BigInt(Math.round(ofHouse))
  return { weights, names, kellys: new Map(), houseMicro }
}

function weigh(
  { weights }: Table,
  said: readonly { readonly agent: AgentId; readonly report: Report }[],
): readonly Awake[] {
  return said.map(({ agent, report }) => ({
    agent,
    report,
    weightMicro: present(weights.get(agent), 'who reports has a weight'),
  }))
}

function isCapped({ houseMicro }: Table, awake: readonly Awake[]): boolean {
  const held = awake.map(({ weightMicro }) => weightMicro)
  if (houseMicro !== null) held.push(houseMicro)
  const capMicro = held.reduce((total, weightMicro) => total + weightMicro, 0n) / 5n
  return held.some((weightMicro) => weightMicro > capMicro)
}

/** Scores the question: first the public score, by the weights from before it, then the weights. */
function settle(table: Table, question: ResolvedQuestion, awake: readonly Awake[]): void {
  const { outcomes, outcomeIndex } = question
  const { houseMicro } = table
  const reference = toReport(outcomes.map(() => 1 / outcomes.length))
  const field = houseMicro === null ? [] : [{ weightMicro: houseMicro, report: reference }]
  const scores = computeKellyScores(
    [...awake, ...field].map(({ weightMicro, report }) => ({
      weightMicro,
      outcomeBps: report[outcomeIndex] ?? 0,
    })),
  )
  for (const [index, { agent }] of awake.entries()) {
    const kelly = table.kellys.get(agent) ?? { questionCount: 0, scores: [] }
    const score = scores[index] ?? null
    kelly.questionCount += 1
    if (score !== null) kelly.scores.push(score)
    table.kellys.set(agent, kelly)
  }
  const scored = scoreQuestion({
    outcomeCount: outcomes.length,
    outcomeIndex,
    snapshotWeightsBps: [WHOLE_BPS],
    house: houseMicro === null ? null : { weightMicro: houseMicro, reference },
    reporters: awake.map(({ report, ...reporter }) => ({ ...reporter, reports: [report] })),
  })
  for (const { agent, weightMicro } of scored.reporters) table.weights.set(agent, weightMicro)
  table.houseMicro = scored.houseMicro
}

function totalOf({ weights, houseMicro }: Table): bigint {
  return [...weights.values()].reduce((total, weight) => total + weight, houseMicro ?? 0n)
}

function sumUp(scores: readonly number[]): Pick<Standing, 'kellyTotal' | 'kellyError'> {
  const count = scores.length
  if (count === 0) return { kellyTotal: null, kellyError: null }
  const kellyTotal = scores.reduce((sum, score) => sum + score, 0)
  if (count === 1) return { kellyTotal, kellyError: null }
  const squares = scores.reduce((sum, score) => sum + (score - kellyTotal / count) ** 2, 0)
  return { kellyTotal, kellyError: Math.sqrt((squares * count) / (count - 1)) }
}

/** By Σ K, then by name; who never had a field comes last. */
function rank({ weights, names, kellys }: Table): readonly Standing[] {
  const standings = [...names].map(([agent, name]) => {
    const kelly = kellys.get(agent)
    const weightMicro = present(weights.get(agent), 'everybody has a weight')
    return {
      name,
      questionCount: kelly?.questionCount ?? 0,
      ...sumUp(kelly?.scores ?? []),
      growth: Number(weightMicro) / Number(WEIGHT_MICRO),
      weightMicro,
    }
  })
  const key = ({ kellyTotal }: Standing): number => kellyTotal ?? -Number.MAX_VALUE
  return standings.toSorted((a, b) => key(b) - key(a) || (a.name < b.name ? -1 : 1))
}
