import { BASELINES, baselineReport, SEATTLE_WEATHER } from '@commonweal/bench/forecast'
import { loadWeatherDays, parseTopic } from '@commonweal/node/agent'
import { present, WHOLE_BPS } from '@commonweal/protocol'
import { COMMAND } from '../invocation.ts'
import { readModelUsage } from '../model-usage.ts'
import type { NodeApi } from '../node-api.ts'
import type { Output } from '../output.ts'
import {
  type BaselineFacts,
  buildForecastReport,
  type ForecastFacts,
} from '../result/forecast-report.ts'
import { renderForecastReport } from '../result/render-forecast-report.ts'
import { wrap } from '../table.ts'
import { readMarket } from './load-market.ts'
import type { MarketHistory } from './market-history.ts'
import type { ForecastScenario } from './scenario.ts'

/** Shows what a forecasting network came to, as one of its nodes tells it. */
export async function reportForecast(options: {
  /** Of the nodes that run: the first tells of the market, each of its own model. */
  readonly apis: readonly NodeApi[]
  readonly scenario: ForecastScenario
  readonly elapsedMs: number
  readonly output: Output
}): Promise<void> {
  const { apis, scenario, elapsedMs, output } = options
  const { history, view } = await readMarket(present(apis[0], 'a node runs'))
  const usage = await readModelUsage(scenario.nodes.some(({ model }) => model !== null) ? apis : [])
  const facts: ForecastFacts = {
    agents: scenario.nodes.map(({ name, kind, lambda }, index) => {
      const agent = scenario.genesis.accounts[index]?.agent ?? ''
      return { agent, name, role: kind, lambda, model: usage.get(agent) ?? null }
    }),
    baselines: baselinesOf(history),
  }
  const report = buildForecastReport(history, facts)
  output.json({ kind: 'result', elapsedMs, height: view.height, ...report })
  output.line()
  output.lines(renderForecastReport(report, output.style, output.width))
  output.line()
  const seconds = (elapsedMs / 1_000).toFixed(1)
  const { dim } = output.style
  output.line(dim(`${view.height} blocks in ${seconds} s, from launching to the last question`))
  const looks = `With --keep: ${COMMAND} forecast leaderboard · forecast explain <topic> · emissions trace <epoch or agent>`
  output.lines(wrap(looks, output.width).map(dim))
}

/** What both baselines would have said of each question about the weather. */
function baselinesOf({ questions }: MarketHistory): readonly BaselineFacts[] {
  const days = loadWeatherDays(SEATTLE_WEATHER)
  const places = new Map(days.map(({ date }, index) => [date, index]))
  return questions.flatMap(({ body: { topic } }): readonly BaselineFacts[] => {
    const about = parseTopic(topic)
    const index = about === null ? undefined : places.get(about.date)
    if (about === null || index === undefined) return []
    const [climatology, persistence] = BASELINES.map((baseline) =>
      baselineReport(baseline, about.kind, days, index).map((bps) => bps / WHOLE_BPS),
    )
    return climatology === undefined || persistence === undefined
      ? []
      : [{ topic, kind: about.kind, climatology, persistence }]
  })
}
