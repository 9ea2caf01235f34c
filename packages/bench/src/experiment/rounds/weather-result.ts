import { loadWeatherDays, shiftDate } from '@commonweal/node/agent'
import { type AgentId, present, type StreamShares } from '@commonweal/protocol'
import { baselineReport } from '../../forecast/weather-baselines.ts'
import { FORECASTER } from '../../forecast/weather-network.ts'
import { reportsOf, type WeatherRow } from '../../forecast/weather-row.ts'
import { brierOf, logLossOf } from '../../forecast/weather-skill.ts'
import { doneRun, eventOf } from '../done-run.ts'
import type { DoneRun, Metrics, RunEvent } from '../run-result.ts'
import type { WeatherSetup } from '../weather-setup.ts'

/** The outcome, metrics and events of a run of the weather market. */
export function concludeWeather(
  { chain, network }: WeatherSetup,
  rows: readonly WeatherRow[],
): DoneRun {
  const { roles } = network
  const happened = rows.map((row) => describeRow(row, roles))
  const scored = scoreRows(rows, chain.seriesPath, chain.last)
  const metrics = { ...meanScores(scored), ...sharesOf(rows, roles) }
  const events = scored.map(
    (row, index): RunEvent =>
      eventOf('question-settled', index + 1, { ...row, ...happened[index] }),
  )
  return doneRun({ questions: happened }, metrics, events)
}

/** What was said, what passed on, and where the pay is, by role. No ids, heights or words: those are a network's own. */
function describeRow(row: WeatherRow, roles: ReadonlyMap<AgentId, string>): object {
  const { date, kind, outcome, statements, streams, payments, nets } = row
  const roleOf = (agent: AgentId): string => present(roles.get(agent), 'who is paid has a role')
  const byRole = (paid: WeatherRow['nets']): object =>
    Object.fromEntries(paid.map(({ agent, amountMicro }) => [roleOf(agent), amountMicro]))
  const passing = (shares: StreamShares): object =>
    Object.fromEntries(shares.map(({ to, bps }) => [roleOf(to), bps]))
  return {
    date,
    kind,
    outcome,
    said: Object.fromEntries(
      statements.map(({ role, signal: { statement } }) => [
        role,
        { report: statement.report, findings: statement.findings },
      ]),
    ),
    streams: Object.fromEntries(
      [...streams].map(([agent, shares]) => [roleOf(agent), passing(shares)]),
    ),
    paidMicro: byRole(payments),
    keptMicro: byRole(nets),
  }
}

interface ScoredRow {
  readonly kind: WeatherRow['kind']
  /** What the forecaster reported; what the house did, where it was silent. */
  readonly report: readonly number[]
  readonly logLoss: number
  readonly brier: number
  readonly climatologyLoss: number
  readonly persistenceLoss: number
}

function scoreRows(
  rows: readonly WeatherRow[],
  seriesPath: string,
  last: string,
): readonly ScoredRow[] {
  const days = loadWeatherDays(seriesPath, { before: shiftDate(last, 1) })
  const places = new Map(days.map(({ date }, index) => [date, index]))
  return rows.map((row) => {
    const { date, kind, outcome, question } = row
    const place = present(places.get(date), 'the day is in the series')
    const report = reportsOf(row).get(FORECASTER) ?? question.referenceBps
    const lossOf = (baseline: 'climatology' | 'persistence'): number =>
      logLossOf(baselineReport(baseline, kind, days, place), outcome)
    return {
      kind,
      report,
      logLoss: logLossOf(report, outcome),
      brier: brierOf(report, outcome),
      climatologyLoss: lossOf('climatology'),
      persistenceLoss: lossOf('persistence'),
    }
  })
}

function meanScores(rows: readonly ScoredRow[]): Metrics {
  const mean = (pick: (row: ScoredRow) => number, among = rows): number =>
    among.reduce((sum, row) => sum + pick(row), 0) / among.length
  const skillAmong = (among: readonly ScoredRow[]): number =>
    1 - mean((row) => row.logLoss, among) / mean((row) => row.climatologyLoss, among)
  return {
    logLoss: mean(({ logLoss }) => logLoss),
    brier: mean(({ brier }) => brier),
    skill: skillAmong(rows),
    'skill.rain': skillAmong(rows.filter(({ kind }) => kind === 'rain')),
    'skill.class': skillAmong(rows.filter(({ kind }) => kind === 'class')),
    'skill.persistence':
      1 - mean(({ logLoss }) => logLoss) / mean(({ persistenceLoss }) => persistenceLoss),
  }
}

/** Part of all that was paid which each kind of agent kept; null where nothing was paid. */
function sharesOf(rows: readonly WeatherRow[], roles: ReadonlyMap<AgentId, string>): Metrics {
  const nets = rows.flatMap((row) => row.nets)
  const sumOf = (kept: typeof nets): number =>
    Number(kept.reduce((sum, { amountMicro }) => sum + amountMicro, 0n))
  const paid = sumOf(nets)
  const kinds = ['data', 'feature', 'signal', FORECASTER]
  return Object.fromEntries(
    kinds.map((kind) => {
      const own = nets.filter(({ agent }) => roles.get(agent)?.split(':')[0] === kind)
      return [`share.${kind}`, paid === 0 ? null : sumOf(own) / paid]
    }),
  )
}
