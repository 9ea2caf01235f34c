import {
  type OpenQuestion,
  parseTopic,
  type Signal,
  type WeatherKind,
} from '@commonweal/node/agent'
import { type AgentId, present, type Report } from '@commonweal/protocol'
import type { MarketRow } from './market-reader.ts'

/** A question about the weather that is over: what everybody said about it, and where its pay went. */
export interface WeatherRow extends Omit<MarketRow, 'outcome' | 'signals'> {
  readonly date: string
  readonly kind: WeatherKind
  readonly question: OpenQuestion
  readonly outcome: number
  /** In the order of the chain. */
  readonly statements: readonly Spoken[]
}

/** A statement, and the role of who made it. */
export interface Spoken {
  readonly role: string
  readonly signal: Signal
}

/**
 * A row of the market as one about the weather.
 *
 * @param roles in the order of the chain.
 */
export function toWeatherRow(row: MarketRow, roles: ReadonlyMap<AgentId, string>): WeatherRow {
  const { question, signals, outcome, ...paid } = row
  const { date, kind } = present(parseTopic(question.topic), 'the question is about the weather')
  const statements = [...roles].flatMap(([agent, role]) =>
    signals.filter(({ author }) => author === agent).map((signal) => ({ role, signal })),
  )
  return {
    ...paid,
    date,
    kind,
    question,
    outcome: present(outcome, 'a record of the series says what came true'),
    statements,
  }
}

/** What each agent that forecasts reported, by role. */
export function reportsOf({ statements }: WeatherRow): ReadonlyMap<string, Report> {
  return new Map(
    statements.flatMap(({ role, signal }) =>
      signal.statement.report === null ? [] : [[role, signal.statement.report] as const],
    ),
  )
}
