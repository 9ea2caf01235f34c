import { fileURLToPath } from 'node:url'
import {
  createWeatherForecaster,
  createWeatherQuestions,
  type Forecaster,
  loadWeatherDays,
  type OpenQuestion,
  type Prosociality,
  parseTopic,
  type Signal,
  shiftDate,
  WEATHER_CHAIN,
  type WeatherDay,
  type WeatherKind,
  type WeatherSupply,
} from '@commonweal/node/agent'
import {
  type AgentId,
  checkReport,
  cidOf,
  digestOf,
  encode,
  invariant,
  present,
  type Report,
  type StreamShares,
} from '@commonweal/protocol'
import { agentNamed } from './agent-named.ts'
import { outcomeOn } from './weather-baselines.ts'

/** The daily weather of Seattle, 2012 … 2015. */
export const SEATTLE_WEATHER: string = fileURLToPath(
  new URL('../../data/seattle-weather.csv', import.meta.url),
)

export interface WeatherChainPlan {
  /** The file of the series. Only data agents, and whoever resolves questions, look at it from `first` on. */
  readonly seriesPath: string
  /** First and last day that is asked about; what lies before the first is public. */
  readonly first: string
  readonly last: string
  /** Suppliers before those whom they supply. */
  readonly chain?: readonly WeatherSupply[]
  /** Whether suppliers serve also those that pay nothing: what the forecasts are worth, pay apart. */
  readonly servesAll?: boolean
  /** By which forecasters decide how much they pass on; without one they count themselves only. */
  readonly prosociality?: Prosociality
  /** Told of each question when it is over, with the streams that it is paid by. */
  readonly onSettled?: (row: WeatherRow, streams: ReadonlyMap<AgentId, StreamShares>) => void
}

/** A question that is over, and what everybody said about it. */
export interface WeatherRow {
  readonly date: string
  readonly kind: WeatherKind
  readonly question: OpenQuestion
  readonly outcome: number
  /** In the order of the chain. */
  readonly statements: readonly Spoken[]
}

/** A statement, and the role of who made it. */
interface Spoken {
  readonly role: string
  readonly signal: Signal
}

interface Seat extends WeatherSupply {
  readonly agent: AgentId
  readonly forecaster: Forecaster
  readonly servesAll: boolean
  streams: StreamShares
  /** By supplier: questions on which it was served so far. */
  readonly servedCounts: Map<AgentId, number>
}

/**
 * Plays a supply chain over the real series, in this process: both questions about a day are answered from the first agent of
 * the chain to the last, then both are settled and everybody learns.
 */
export async function playWeatherChain(plan: WeatherChainPlan): Promise<readonly WeatherRow[]> {
  const { seriesPath, first, last, prosociality } = plan
  const history = loadWeatherDays(seriesPath, { before: first })
  const days = loadWeatherDays(seriesPath, { before: shiftDate(last, 1) })
  const seats = (plan.chain ?? WEATHER_CHAIN).map(({ role, suppliers }): Seat => {
    const agent = agentNamed(role)
    const supplied = { agent, seriesPath, history, suppliers: suppliers.map(agentNamed) }
    const options = prosociality === undefined ? supplied : { ...supplied, prosociality }
    const forecaster = createWeatherForecaster(role, options)
    const servesAll = plan.servesAll === true
    return { role, suppliers, agent, forecaster, servesAll, streams: [], servedCounts: new Map() }
  })
  const rows: WeatherRow[] = []
  for (const [index, day] of days.entries()) {
    if (day.date < first) continue
    const answered: WeatherRow[] = []
    for (const question of questionsOf(days, index)) {
      answered.push(await answer(question, day, seats))
    }
    for (const row of answered) {
      plan.onSettled?.(row, new Map(seats.map(({ agent, streams }) => [agent, streams])))
      settle(row, seats)
    }
    rows.push(...answered)
  }
  return rows
}

/** The questions about the day at an index; the house goes by all days before it. */
function questionsOf(days: readonly WeatherDay[], index: number): readonly OpenQuestion[] {
  const { date } = present(days[index], 'the day is in the series')
  const history = days.slice(0, index)
  const root = digestOf(encode('the series'))
  return createWeatherQuestions({ date, history, root, index, weight: 1 }).map((undated) => {
    const body = {
      ...undated,
      openHeight: index,
      snapshots: [{ closeHeight: index, weightBps: 10_000 }],
      resolveHeight: index + 1,
    }
    return { ...body, id: cidOf(encode(body)) }
  })
}

/** Everybody speaks once, in the order of the chain. */
async function answer(
  question: OpenQuestion,
  day: WeatherDay,
  seats: readonly Seat[],
): Promise<WeatherRow> {
  const { kind } = present(parseTopic(question.topic), 'the question is about the weather')
  const statements: Spoken[] = []
  for (const seat of seats) {
    const { role, agent, forecaster } = seat
    const signals = hear(seat, statements, seats)
    const statement = await forecaster.forecast({ question, snapshot: 0, agent, signals })
    if (statement === null) continue
    const { report } = statement
    invariant(
      report === null || checkReport(report, question.outcomes.length).ok,
      `${role} reports what the network takes`,
    )
    const digest = digestOf(encode([agent, question.id, 0, statement]))
    const order = statements.length
    statements.push({ role, signal: { author: agent, snapshot: 0, digest, statement, order } })
  }
  return { date: day.date, kind, question, outcome: outcomeOn(kind, day), statements }
}

/** What an agent is sent: what those of its suppliers that serve it have said so far. */
function hear(seat: Seat, said: readonly Spoken[], seats: readonly Seat[]): readonly Signal[] {
  const { agent, forecaster, streams, servedCounts } = seat
  return said.flatMap(({ role, signal }) => {
    if (!forecaster.suppliers.includes(signal.author)) return []
    const supplier = present(
      seats.find((other) => other.role === role),
      'who spoke has a seat',
    )
    const bps = streams.find(({ to }) => to === signal.author)?.bps ?? 0
    const servedCount = servedCounts.get(signal.author) ?? 0
    const customer = { agent, bps, servedCount }
    if (!supplier.servesAll && !supplier.forecaster.serves(customer)) return []
    servedCounts.set(signal.author, servedCount + 1)
    return [signal]
  })
}

function settle(row: WeatherRow, seats: readonly Seat[]): void {
  const signals = row.statements.map(({ signal }) => signal)
  for (const seat of seats) {
    seat.forecaster.learn({ question: row.question, outcome: row.outcome, signals })
    seat.streams = seat.forecaster.chooseStreams() ?? seat.streams
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
