import { loadWeatherDays, parseProsociality, shiftDate } from '@commonweal/node/agent'
import { type AgentId, computeFlow, present, type StreamShares } from '@commonweal/protocol'
import { agentNamed } from '../../forecast/agent-named.ts'
import { playCreditWorld } from '../../forecast/credit-market.ts'
import { baselineReport } from '../../forecast/weather-baselines.ts'
import {
  playWeatherChain,
  reportsOf,
  SEATTLE_WEATHER,
  type WeatherRow,
} from '../../forecast/weather-chain.ts'
import { FORECASTER, WeatherMarket } from '../../forecast/weather-market.ts'
import { brierOf, logLossOf } from '../../forecast/weather-skill.ts'
import { Random } from '../../simulator/engine/random.ts'
import { doneRun, eventOf } from '../done-run.ts'
import type { RunPlan } from '../run-plan.ts'
import type { Metrics, RunEvent, RunResult } from '../run-result.ts'
import type { ForecastScenario } from '../scenario.ts'

/** Plays a market of forecasts in this process. */
export function runForecastRounds(plan: RunPlan, scenario: ForecastScenario): Promise<RunResult> {
  return scenario.market === 'weather'
    ? runWeather(plan, scenario)
    : Promise.resolve(runCreditMarket(plan, scenario))
}

/** ln 2: who finds both outcomes alike loses so much. */
const COIN_LOSS = Math.LN2

function runCreditMarket({ seed }: RunPlan, { questions, method }: ForecastScenario): RunResult {
  const played = playCreditWorld(seed, { questionCount: questions }, method)
  const { shares, loss, brier } = played
  const metrics: Metrics = {
    logLoss: loss,
    brier,
    skill: 1 - loss / COIN_LOSS,
    'share.good': shares.good,
    'share.copy': shares.copy,
    'share.weak': shares.weak,
    'share.noise': shares.noise,
  }
  return doneRun({}, metrics, [eventOf('paid', questions, shares)])
}

/** The first day that may be asked about: agents have a year to learn from. */
const WINDOW_FROM = '2013-01-01'
const WINDOW_UNTIL = '2016-01-01'
const DAY_MS = 86_400_000
const WEIGHT_MICRO = 500_000_000n

async function runWeather(plan: RunPlan, scenario: ForecastScenario): Promise<RunResult> {
  const first = scenario.first ?? drawFirstDay(plan.seed, scenario.questions)
  const last = shiftDate(first, scenario.questions - 1)
  const written = plan.condition.population[0]?.prosociality ?? 0
  const weight = parseProsociality(String(written))
  const till = new Till()
  const rows = await playWeatherChain({
    seriesPath: SEATTLE_WEATHER,
    first,
    last,
    servesAll: scenario.servesAll,
    prosociality: present(weight.ok ? weight.value : null, 'a file that was read has good weights'),
    onSettled: (row, streams) => till.pay(row, streams),
  })
  const scored = scoreRows(rows, last)
  const metrics = { ...meanScores(scored), ...till.shares(rows) }
  const happened = scored.map(({ date, kind, outcome, report }) => ({
    date,
    kind,
    outcome,
    report,
  }))
  const events = scored.map((row, index): RunEvent => eventOf('question-settled', index + 1, row))
  return doneRun({ questions: happened }, metrics, events)
}

/** A window of the series that the seed fixes: every first day is as likely as any other. */
function drawFirstDay(seed: string, dayCount: number): string {
  const count = (Date.parse(WINDOW_UNTIL) - Date.parse(WINDOW_FROM)) / DAY_MS
  const random = new Random(seed, 'window')
  return shiftDate(WINDOW_FROM, random.below(Math.max(1, count - dayCount + 1)))
}

interface ScoredRow {
  readonly date: string
  readonly kind: WeatherRow['kind']
  readonly outcome: number
  readonly report: readonly number[]
  readonly logLoss: number
  readonly brier: number
  readonly climatologyLoss: number
  readonly persistenceLoss: number
}

function scoreRows(rows: readonly WeatherRow[], last: string): readonly ScoredRow[] {
  const days = loadWeatherDays(SEATTLE_WEATHER, { before: shiftDate(last, 1) })
  const places = new Map(days.map(({ date }, index) => [date, index]))
  return rows.map((row) => {
    const { date, kind, outcome, question } = row
    const place = present(places.get(date), 'the day is in the series')
    const report = reportsOf(row).get(FORECASTER) ?? question.referenceBps
    const lossOf = (baseline: 'climatology' | 'persistence'): number =>
      logLossOf(baselineReport(baseline, kind, days, place), outcome)
    return {
      date,
      kind,
      outcome,
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

/** Pays for each question by score and passes it on by the streams, as the ledger does. */
class Till {
  readonly #market = new WeatherMarket(WEIGHT_MICRO)
  readonly #kept = new Map<AgentId, bigint>()
  #paidMicro = 0n

  pay(row: WeatherRow, streams: ReadonlyMap<AgentId, StreamShares>): void {
    const payments = this.#market.settle(row)
    for (const { agent: receiver, amountMicro } of computeFlow(payments, streams).nets) {
      this.#kept.set(receiver, (this.#kept.get(receiver) ?? 0n) + amountMicro)
      this.#paidMicro += amountMicro
    }
  }

  /** Part of all that was paid which each kind of agent kept. */
  shares(rows: readonly WeatherRow[]): Metrics {
    const roles = [...new Set(rows.flatMap(({ statements }) => statements.map(({ role }) => role)))]
    const kinds = ['data', 'feature', 'signal', FORECASTER]
    return Object.fromEntries(
      kinds.map((kind) => {
        const ofKind = roles.filter((role) => role.split(':')[0] === kind)
        const micro = ofKind.reduce(
          (sum, role) => sum + (this.#kept.get(agentNamed(role)) ?? 0n),
          0n,
        )
        return [
          `share.${kind}`,
          this.#paidMicro === 0n ? null : Number(micro) / Number(this.#paidMicro),
        ]
      }),
    )
  }
}
