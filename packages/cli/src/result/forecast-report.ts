import {
  bootstrapMean,
  type ForecastScore,
  type Interval,
  type MeanScore,
  meanScore,
  scoreForecast,
  toReport,
} from '@commonweal/bench/forecast'
import type { ModelUsage } from '@commonweal/node/agent'
import { type Cid, invariant } from '@commonweal/protocol'
import type { Role } from '../forecast/agent-names.ts'
import { checkEmission, type EmissionFault } from '../forecast/check-emission.ts'
import { type DisputeFacts, type Gain, gainsOf } from '../forecast/describe-resolution.ts'
import { titleOfSource, topicsOf } from '../forecast/epoch-trace.ts'
import { sumMicro } from '../forecast/flow-graph.ts'
import {
  type MarketHistory,
  type QuestionHistory,
  type ResolvedHistory,
  resolvedQuestions,
} from '../forecast/market-history.ts'
import { type Pay, sumPay } from '../forecast/pay.ts'
import { titleOf } from '../forecast/question-name.ts'
import { type ForecastMark, markQuestion, probabilities } from '../forecast/question-score.ts'
import { type AdversaryReport, buildAdversaryReport } from './adversary-report.ts'
import { findTopPayments, type PaymentWay } from './payment-way.ts'

/** What is known of a network beside what its ledger tells. */
export interface ForecastFacts {
  readonly agents: readonly AgentFacts[]
  /** Questions that baselines answer too; any other is in no table of skill. */
  readonly baselines: readonly BaselineFacts[]
}

export interface AgentFacts {
  readonly agent: string
  readonly name: string
  readonly role: Role
  /** Its prosocial weight λ. */
  readonly lambda: number
  /** What it asked of its language model; null where it has none. */
  readonly model: ModelUsage | null
}

/** What two forecasters that learn nothing from each other would have said of a question. */
export interface BaselineFacts {
  readonly topic: string
  /** Kinds are compared apart: a question with five outcomes costs more than one with two. */
  readonly kind: 'rain' | 'class'
  /** Probabilities by outcome. */
  readonly climatology: readonly number[]
  readonly persistence: readonly number[]
}

/** All that a run of the forecasting scenario came to. */
export interface ForecastReport {
  readonly questionCount: number
  readonly resolvedCount: number
  readonly voidCount: number
  readonly withheldCount: number
  readonly kinds: readonly KindReport[]
  readonly agents: readonly AgentResult[]
  readonly roles: readonly RoleResult[]
  readonly emissionMicro: bigint
  readonly paidMicro: bigint
  readonly unmintedMicro: bigint
  /** The part of what was not minted that is of epochs in which no question paid anybody. */
  readonly idleMicro: bigint
  /** Nothing where Σ paid + unminted = E, and of every question all that was paid is kept. */
  readonly faults: readonly EmissionFault[]
  readonly topPayments: readonly (PaymentWay & { readonly title: string })[]
  /** Questions of which somebody contradicted an assertion, the latest last. */
  readonly disputes: readonly DisputeReport[]
  /** Null where nobody is an adversary. */
  readonly against: AdversaryReport | null
}

/** A dispute, and what everybody who took part gained by it or lost, in micro-tokens. */
export interface DisputeReport extends DisputeFacts {
  readonly question: Cid
  readonly title: string
  readonly outcomes: readonly string[]
  readonly gains: readonly Gain[]
}

/** Forecasts on questions of one kind. */
export interface KindReport {
  readonly kind: string
  readonly climatology: MeanScore
  readonly persistence: MeanScore
  readonly house: MeanScore
  /** Forecasters, and whoever sells them reports, the best first. */
  readonly skills: readonly Skill[]
}

export interface Skill extends MeanScore {
  readonly name: string
  readonly role: Role
  /** Log loss of the baseline less that of the agent, in nats a question: above 0 the agent is better. */
  readonly overClimatology: Interval
  readonly overPersistence: Interval
}

export interface AgentResult extends AgentFacts, Pay {
  readonly questionCount: number
  /** ΣK; null for who was never scored. */
  readonly kellyTotal: number | null
  /** Before the first question that scored it, and after the last; null for who was never scored. */
  readonly weightFirstMicro: bigint | null
  readonly weightLastMicro: bigint | null
}

export interface RoleResult extends Pay {
  /** `others` are agents that the facts do not name: they joined later. */
  readonly role: Role | 'others'
  readonly agentCount: number
  /** Its part of all that was paid, after it flowed on; null where nothing was. */
  readonly keptShare: number | null
}

/** Payments whose way is shown. */
export const TOP_PAYMENTS_MAX = 8

export function buildForecastReport(history: MarketHistory, facts: ForecastFacts): ForecastReport {
  const { questions, emissions } = history
  const resolved = resolvedQuestions(history)
  const marked = resolved.map((question) => ({ question, marks: markQuestion(question) }))
  const agents = facts.agents.map((agent) => resultOf(history, marked, agent))
  const topics = topicsOf(history)
  return {
    questionCount: questions.length,
    resolvedCount: resolved.length,
    voidCount: questions.filter(({ end }) => end?.kind === 'settled' && end.outcome === null)
      .length,
    withheldCount: questions.reduce((sum, { withheld }) => sum + withheld.length, 0),
    kinds: KINDS.flatMap((kind) => compareKind(marked, facts, kind)),
    agents,
    roles: sumRoles([...agents, ...payOthers(history, facts)]),
    emissionMicro: emissions.reduce((sum, one) => sum + one.emissionMicro, 0n),
    paidMicro: emissions.reduce((sum, { payments }) => sum + sumMicro(payments), 0n),
    unmintedMicro: emissions.reduce((sum, one) => sum + one.unmintedMicro, 0n),
    idleMicro: emissions
      .filter(({ payments }) => payments.length === 0)
      .reduce((sum, one) => sum + one.unmintedMicro, 0n),
    faults: emissions.flatMap(checkEmission),
    topPayments: findTopPayments(history, TOP_PAYMENTS_MAX).map((way) => ({
      ...way,
      title: titleOfSource(topics, way.question),
    })),
    disputes: questions.flatMap(reportDispute),
    against: buildAdversaryReport(history, facts.agents),
  }
}

function reportDispute(question: QuestionHistory): readonly DisputeReport[] {
  const { id, body, asserted, disputed, juries, dispute } = question
  if (disputed === null) return []
  const facts = { asserted, disputed, juries, dispute }
  return [
    {
      question: id,
      title: titleOf(body.topic),
      outcomes: body.outcomes,
      ...facts,
      gains: gainsOf(facts),
    },
  ]
}

const KINDS: readonly BaselineFacts['kind'][] = ['rain', 'class']

/** A question that something came true of, and how everybody did on it, the house first. */
interface MarkedQuestion {
  readonly question: ResolvedHistory
  readonly marks: readonly ForecastMark[]
}

/** One question of a kind: what the baselines would have got, and what everybody got. */
interface Comparison {
  readonly climatology: ForecastScore
  readonly persistence: ForecastScore
  readonly marks: readonly ForecastMark[]
}

/** Nothing for a kind without a resolved question. */
function compareKind(
  marked: readonly MarkedQuestion[],
  { agents, baselines }: ForecastFacts,
  kind: BaselineFacts['kind'],
): readonly KindReport[] {
  const known = new Map(
    baselines.filter((one) => one.kind === kind).map((one) => [one.topic, one] as const),
  )
  const comparisons = marked.flatMap(({ question, marks }): readonly Comparison[] => {
    const baseline = known.get(question.body.topic)
    if (baseline === undefined) return []
    const { outcome } = question.end
    invariant(
      [baseline.climatology, baseline.persistence].every(
        ({ length }) => length === question.body.outcomes.length,
      ),
      'a baseline has a probability for every outcome of its question',
    )
    return [
      {
        climatology: scoreBaseline(baseline.climatology, outcome),
        persistence: scoreBaseline(baseline.persistence, outcome),
        marks,
      },
    ]
  })
  const climatology = meanScore(comparisons.map((one) => one.climatology))
  const persistence = meanScore(comparisons.map((one) => one.persistence))
  const house = meanScore(comparisons.flatMap(({ marks }) => marks[0]?.score ?? []))
  if (climatology === null || persistence === null || house === null) return []
  const skills = agents
    .filter(({ role }) => role === 'forecaster' || role === 'signal' || role === 'seller')
    .flatMap((agent) => skillOf(comparisons, agent, kind))
    .toSorted((a, b) => b.overClimatology.mean - a.overClimatology.mean)
  return [{ kind, climatology, persistence, house, skills }]
}

/** A baseline is held to what a report may say, or one that is certain could lose without bound. [EMI-2] */
function scoreBaseline(given: readonly number[], outcome: number): ForecastScore {
  return scoreForecast(probabilities(toReport(given)), outcome)
}

/** Over the questions of the kind on which the agent opened a report; nothing where there is none. */
function skillOf(
  comparisons: readonly Comparison[],
  { agent, name, role }: AgentFacts,
  kind: string,
): readonly Skill[] {
  const own = comparisons.flatMap(({ marks, ...baselines }) => {
    const score = marks.find((mark) => mark.agent === agent)?.score
    return score === undefined || score === null ? [] : [{ score, ...baselines }]
  })
  const mean = meanScore(own.map(({ score }) => score))
  if (mean === null) return []
  const over = (baseline: 'climatology' | 'persistence'): Interval =>
    bootstrapMean(
      own.map((one) => one[baseline].logLoss - one.score.logLoss),
      `forecast-report/${kind}/${agent}/${baseline}`,
    )
  const [overClimatology, overPersistence] = [over('climatology'), over('persistence')]
  return [{ name, role, ...mean, overClimatology, overPersistence }]
}

function resultOf(
  { emissions }: MarketHistory,
  marked: readonly MarkedQuestion[],
  facts: AgentFacts,
): AgentResult {
  const { agent } = facts
  const kellys = marked.flatMap(
    ({ marks }) => marks.find((mark) => mark.agent === agent)?.kelly ?? [],
  )
  const weights = marked.flatMap(({ question }) =>
    question.end.weights.filter((one) => one.agent === agent),
  )
  return {
    ...facts,
    questionCount: marked.filter(({ question }) =>
      question.statements.some(({ author }) => author === agent),
    ).length,
    kellyTotal: kellys.length === 0 ? null : kellys.reduce((sum, kelly) => sum + kelly, 0),
    weightFirstMicro: weights[0]?.beforeMicro ?? null,
    weightLastMicro: weights.at(-1)?.afterMicro ?? null,
    ...sumPay(emissions, agent),
  }
}

/** What everybody else got: only those that were paid or received something. */
function payOthers(
  { emissions }: MarketHistory,
  { agents }: ForecastFacts,
): readonly (Pay & { readonly role: 'others' })[] {
  const known = new Set(agents.map(({ agent }) => agent))
  const paid = emissions.flatMap(({ payments, nets }) =>
    [...payments, ...nets].map(({ agent }) => agent),
  )
  return [...new Set(paid)]
    .filter((agent) => !known.has(agent))
    .map((agent) => ({ role: 'others' as const, ...sumPay(emissions, agent) }))
}

function sumRoles(agents: readonly (Pay & Pick<RoleResult, 'role'>)[]): readonly RoleResult[] {
  const keptAllMicro = agents.reduce((sum, { keptMicro }) => sum + keptMicro, 0n)
  return [...Map.groupBy(agents, ({ role }) => role)].map(([role, own]) => {
    const sum = (pick: (pay: Pay) => bigint): bigint =>
      own.reduce((total, agent) => total + pick(agent), 0n)
    const keptMicro = sum((pay) => pay.keptMicro)
    return {
      role,
      agentCount: own.length,
      paidMicro: sum((pay) => pay.paidMicro),
      receivedMicro: sum((pay) => pay.receivedMicro),
      passedOnMicro: sum((pay) => pay.passedOnMicro),
      keptMicro,
      keptShare: keptAllMicro === 0n ? null : Number(keptMicro) / Number(keptAllMicro),
    }
  })
}
