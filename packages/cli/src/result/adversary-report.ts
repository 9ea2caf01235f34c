import { splitBySource } from '../forecast/flow-graph.ts'
import {
  type MarketHistory,
  type OpenedStatement,
  type ResolvedHistory,
  resolvedQuestions,
} from '../forecast/market-history.ts'
import { sumPay } from '../forecast/pay.ts'
import { markQuestion } from '../forecast/question-score.ts'
import type { AgentFacts } from './forecast-report.ts'

/** What those who sell against their buyers got, beside those who sell what they know. */
export interface AdversaryReport {
  readonly adversaries: readonly AdversaryResult[]
  /** The mean of all signal agents; null where there is none. */
  readonly honest: SellerPay | null
}

interface SellerPay {
  /** Mean over its questions of its log score above that of the house, in nats; null without a report. */
  readonly skill: number | null
  readonly receivedMicro: bigint
  readonly keptMicro: bigint
}

export interface AdversaryResult extends SellerPay {
  readonly agent: string
  readonly name: string
  /** On which it opened a report. */
  readonly questionCount: number
  /** On which its report was, number for number, one that another had sealed before it. */
  readonly repeatedCount: number
  /** Everybody who named a signal of it as a ground, or ever passed anything on to it. */
  readonly buyers: readonly Buyer[]
}

export interface Buyer {
  readonly agent: string
  /** What came to the seller down this one's stream. */
  readonly paidMicro: bigint
  /** Whether the seller is in its stream at the end, was in an earlier one, or never in any. */
  readonly stream: 'pays' | 'dropped' | 'never-paid'
}

/** Null where nobody is an adversary. */
export function buildAdversaryReport(
  history: MarketHistory,
  agents: readonly AgentFacts[],
): AdversaryReport | null {
  const sellers = agents.filter(({ role }) => role === 'seller')
  if (sellers.length === 0) return null
  const resolved = resolvedQuestions(history)
  const honest = agents
    .filter(({ role }) => role === 'signal')
    .map(({ agent }) => payOf(history, resolved, agent))
  return {
    adversaries: sellers.map(({ agent, name }) => ({
      agent,
      name,
      ...payOf(history, resolved, agent),
      ...countReports(resolved, agent),
      buyers: findBuyers(history, agent),
    })),
    honest: honest.length === 0 ? null : meanPay(honest),
  }
}

function payOf(
  { emissions }: MarketHistory,
  resolved: readonly ResolvedHistory[],
  agent: string,
): SellerPay {
  const skills = resolved.flatMap(
    (question) => markQuestion(question).find((mark) => mark.agent === agent)?.skill ?? [],
  )
  const { receivedMicro, keptMicro } = sumPay(emissions, agent)
  return { skill: meanOf(skills), receivedMicro, keptMicro }
}

function meanPay(pays: readonly SellerPay[]): SellerPay {
  const mean = (pick: (pay: SellerPay) => bigint): bigint =>
    pays.reduce((sum, pay) => sum + pick(pay), 0n) / BigInt(pays.length)
  return {
    skill: meanOf(pays.flatMap(({ skill }) => skill ?? [])),
    receivedMicro: mean(({ receivedMicro }) => receivedMicro),
    keptMicro: mean(({ keptMicro }) => keptMicro),
  }
}

function countReports(
  resolved: readonly ResolvedHistory[],
  agent: string,
): Pick<AdversaryResult, 'questionCount' | 'repeatedCount'> {
  const own = resolved.map(({ statements }) => ({
    statements,
    reports: statements.filter(
      ({ author, statement }) => author === agent && statement.report !== null,
    ),
  }))
  return {
    questionCount: own.filter(({ reports }) => reports.length > 0).length,
    repeatedCount: own.filter(({ statements, reports }) =>
      reports.some((one) => statements.some((other) => isRepeatOf(one, other))),
    ).length,
  }
}

function isRepeatOf(one: OpenedStatement, other: OpenedStatement): boolean {
  return (
    other.author !== one.author &&
    other.snapshot === one.snapshot &&
    other.order < one.order &&
    other.statement.report?.join() === one.statement.report?.join()
  )
}

function findBuyers(history: MarketHistory, seller: string): readonly Buyer[] {
  const { questions, streams, emissions } = history
  const statements = questions.flatMap((question) => question.statements)
  const sold = new Set(
    statements.filter(({ author }) => author === seller).map(({ digest }) => digest),
  )
  const hearers = statements
    .filter(
      ({ author, statement }) =>
        author !== seller && statement.parents.some((digest) => sold.has(digest)),
    )
    .map(({ author }) => author)
  const names = ({ shares }: (typeof streams)[number]): boolean =>
    shares.some(({ to }) => to === seller)
  const payers = streams.filter(names).map(({ agent }) => agent)
  const transfers = emissions.flatMap(splitBySource).flatMap((source) => source.transfers)
  return [...new Set([...payers, ...hearers])].map((agent): Buyer => {
    const last = streams.findLast((choice) => choice.agent === agent)
    const isPayer = payers.includes(agent)
    return {
      agent,
      paidMicro: transfers
        .filter(({ from, to }) => from === agent && to === seller)
        .reduce((sum, { amountMicro }) => sum + amountMicro, 0n),
      stream: last !== undefined && names(last) ? 'pays' : isPayer ? 'dropped' : 'never-paid',
    }
  })
}

function meanOf(numbers: readonly number[]): number | null {
  if (numbers.length === 0) return null
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}
