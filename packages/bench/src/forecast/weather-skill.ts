import { loadWeatherDays, shiftDate, WEATHER_KINDS, type WeatherKind } from '@commonweal/node/agent'
import { invariant, present, type Report, WHOLE_BPS } from '@commonweal/protocol'
import { bootstrapMean, type Interval } from '../statistics/bootstrap.ts'
import { BASELINES, type Baseline, baselineReport } from './weather-baselines.ts'
import { playWeatherChain } from './weather-chain.ts'
import { FORECASTER, SEATTLE_WEATHER, type WeatherChainPlan } from './weather-network.ts'
import { reportsOf, type WeatherRow } from './weather-row.ts'

export interface WeatherSkillPlan extends WeatherChainPlan {
  /** First day that is scored; agents have learned from those between `first` and it. */
  readonly scoredFrom: string
}

/** How one agent, or a baseline, did on one kind of question. */
export interface WeatherScore {
  readonly role: string
  /** Mean of −ln of the probability given to what came true. */
  readonly logLoss: number
  /** Mean of the sum over outcomes of (p − [came true])². */
  readonly brier: number
  /** 1 − loss / loss of the baseline, with log loss. */
  readonly skill: Readonly<Record<Baseline, number>>
  /** Questions on which it said nothing, and was taken to say what the house does. */
  readonly silentCount: number
}

export interface WeatherSkill {
  readonly kind: WeatherKind
  readonly questionCount: number
  /** The baselines, then everybody who forecast, in the order of the chain. */
  readonly scores: readonly WeatherScore[]
  /** Log loss of a baseline less that of the forecaster: mean, and 95 % interval over weeks. */
  readonly gain: Readonly<Record<Baseline, Interval>>
  /** The same beside the supplier that did best, which is known afterwards only. */
  readonly gainOverBest: { readonly role: string; readonly gain: Interval }
}

/** Agents learn in 2013 from 2012, and are scored on 2014 and 2015. Models were chosen on 2013 alone. */
export const WEATHER_PLAN: WeatherSkillPlan = {
  seriesPath: SEATTLE_WEATHER,
  first: '2013-01-01',
  scoredFrom: '2014-01-01',
  last: '2015-12-31',
}

/** Days depend on one another; a week depends little on the next. */
const BLOCK_DAYS = 7

/** Plays the chain over the real series and says how much better its forecasts are than those that need no agent. */
export function measureWeatherSkill(plan: WeatherSkillPlan): readonly WeatherSkill[] {
  return scoreWeather(playWeatherChain(plan), plan)
}

/** Scores what was said in a chain that was played already. */
export function scoreWeather(
  rows: readonly WeatherRow[],
  { seriesPath, last, scoredFrom }: WeatherSkillPlan,
): readonly WeatherSkill[] {
  const days = loadWeatherDays(seriesPath, { before: shiftDate(last, 1) })
  const indices = new Map(days.map(({ date }, index) => [date, index]))
  return WEATHER_KINDS.map((kind) => {
    const scored = rows.filter((row) => row.kind === kind && row.date >= scoredFrom)
    const said = scored.map((row) => {
      const index = present(indices.get(row.date), 'the day is in the series')
      const baselines = BASELINES.map((baseline): readonly [string, Report] => [
        baseline,
        baselineReport(baseline, kind, days, index),
      ])
      return { row, reports: new Map([...baselines, ...reportsOf(row)]) }
    })
    return scoreKind(kind, said)
  })
}

interface Said {
  readonly row: WeatherRow
  readonly reports: ReadonlyMap<string, Report>
}

function scoreKind(kind: WeatherKind, said: readonly Said[]): WeatherSkill {
  const roles = [...new Set(said.flatMap(({ reports }) => [...reports.keys()]))]
  const lossesOf = (role: string): readonly number[] =>
    said.map(({ row, reports }) =>
      logLossOf(reports.get(role) ?? row.question.referenceBps, row.outcome),
    )
  const losses = new Map(roles.map((role) => [role, lossesOf(role)]))
  const meanLoss = (role: string): number =>
    meanOf(present(losses.get(role), `${role} forecast at least once`))
  const scores = roles.map((role): WeatherScore => {
    const logLoss = meanLoss(role)
    const skillAgainst = (baseline: Baseline): number => 1 - logLoss / meanLoss(baseline)
    return {
      role,
      logLoss,
      brier: meanOf(
        said.map(({ row, reports }) =>
          brierOf(reports.get(role) ?? row.question.referenceBps, row.outcome),
        ),
      ),
      skill: {
        climatology: skillAgainst('climatology'),
        persistence: skillAgainst('persistence'),
      },
      silentCount: said.filter(({ reports }) => !reports.has(role)).length,
    }
  })
  const pooled = lossesOf(FORECASTER)
  const gainOver = (role: string): Interval => {
    const gains = lossesOf(role).map((loss, index) => loss - (pooled[index] ?? 0))
    return bootstrapMean(blockMeans(gains), `weather/${kind}/${role}`)
  }
  const isBaseline = (role: string): boolean => BASELINES.some((baseline) => baseline === role)
  const [best] = scores
    .filter(({ role }) => role !== FORECASTER && !isBaseline(role))
    .toSorted((a, b) => a.logLoss - b.logLoss)
  const { role: bestRole } = present(best, 'a forecaster has suppliers that forecast')
  return {
    kind,
    questionCount: said.length,
    scores,
    gain: { climatology: gainOver('climatology'), persistence: gainOver('persistence') },
    gainOverBest: { role: bestRole, gain: gainOver(bestRole) },
  }
}

/** Means of whole weeks; the days of a week that is cut off are left out. */
function blockMeans(values: readonly number[]): readonly number[] {
  const count = Math.floor(values.length / BLOCK_DAYS)
  invariant(count >= 2, 'at least two weeks are scored')
  return Array.from({ length: count }, (_, block) =>
    meanOf(values.slice(block * BLOCK_DAYS, (block + 1) * BLOCK_DAYS)),
  )
}

/** −ln of the probability that a report gave to what came true. */
export function logLossOf(report: Report, outcome: number): number {
  return -Math.log((report[outcome] ?? 0) / WHOLE_BPS)
}

/** The sum over outcomes of (p − [came true])². */
export function brierOf(report: Report, outcome: number): number {
  return report.reduce(
    (sum, bps, index) => sum + (bps / WHOLE_BPS - Number(index === outcome)) ** 2,
    0,
  )
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
