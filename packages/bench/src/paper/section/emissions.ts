import { join } from 'node:path'
import type { CreditMethodName } from '@commonweal/node/agent'
import { type MarketPay, measureCreditMarket } from '../../forecast/credit-market.ts'
import { loadQuestions } from '../../forecast/outside-data.ts'
import { byOpening, replicate, scoreOfLast } from '../../forecast/replication.ts'
import { MARKET_ROLE } from '../../forecast/roles.ts'
import { BELIEF_DEFAULT, measureTruthfulness } from '../../forecast/truthfulness.ts'
import { drawBars } from '../../report/plot/bar-plot.ts'
import { drawFlow } from '../../report/plot/flow-plot.ts'
import type { Figure } from '../../report/report.ts'
import type { Measured, PaperSection } from '../section.ts'
import { judge, rounding, type VerdictRow } from '../verdict-row.ts'
import { measureWeatherFlow, type WeatherFlow } from '../weather-flow.ts'
import { measureWhaleWin } from '../whale.ts'

const NAME = 'emissions'

const BEST_REPORTS: Readonly<Record<string, number>> = {
  'weighted score': 0.7,
  'Kelly wealth': 0.99,
  'max(0, K)': 0.99,
  'softmax(5·score)': 0.99,
  'half-Kelly by the protocol': 0.8,
}
/** What noise takes, and how far another market may be away. */
const NOISE: readonly (readonly [method: CreditMethodName, part: number, tolerance: number])[] = [
  ['aumann-shapley', 0.045, 0.02],
  ['leave-one-out', 0.137, 0.04],
  ['equal', 1 / 3, 0.05],
]
const MARKET = { worldCount: 20, questionCount: 400 }
/** The buyer of the known figures; the network's own learns and pays otherwise, and is in the figure. [CRD-4] */
const KNOWN_BUYER = {
  weights: 'adagrad',
  isFixedPart: true,
  methods: NOISE.map(([method]) => method),
} as const
const FLOW_DAYS = { first: '2014-01-01', last: '2014-06-30' }

/** Whom the network pays for forecasts, and whom they pay. */
export const emissionsSection: PaperSection = {
  name: NAME,
  title: 'Emissions: score, flow and credit',
  text: [
    'What an agent does best to report under the rule of the network and its rivals; what a holder gains that splits a stake above the cap; what five names that sell noise take of a buyer by the rule that divides credit; and where the pay of a chain of forecasting agents goes on real weather.',
  ],
  partSeconds: 26,
  async measure({ seed, dataFolder }) {
    const market = measureCreditMarket({ seed: `${seed}/credit`, ...MARKET })
    const known = measureCreditMarket({ seed: `${seed}/credit`, ...MARKET, ...KNOWN_BUYER })
    const flow = measureWeatherFlow(FLOW_DAYS.first, FLOW_DAYS.last)
    return {
      rows: [
        ...reportRows(),
        ...whaleRows(),
        ...noiseRows(known),
        judge(NAME, {
          id: 'emissions/flow/conserved',
          what: 'micro-tokens that flow makes or loses over the weather chain',
          expected: 0,
          got: Number(flow.errorMicro),
          note: `${flow.questionCount} questions`,
        }),
        ...outsideRows(dataFolder),
      ],
      figures: [creditFigure(market), flowFigure(flow), keptFigure(flow)],
    } satisfies Measured
  },
}

function reportRows(): readonly VerdictRow[] {
  const { belief, peers, share } = BELIEF_DEFAULT
  return measureTruthfulness(BELIEF_DEFAULT).map(({ rule, report }) =>
    judge(NAME, {
      id: `emissions/report/${rule}`,
      what: `best report under ${rule}`,
      expected: BEST_REPORTS[rule] ?? 'no published figure',
      got: report,
      note: `belief ${belief}, peers at ${peers}, own share ${share}; all of .010 to .990 tried.`,
    }),
  )
}

function whaleRows(): readonly VerdictRow[] {
  const win = (names: string, stakes: readonly number[], expected: number): VerdictRow =>
    judge(NAME, {
      id: `emissions/whale/${stakes.length}`,
      what: `a holder of 40 % with ${names}: weight won`,
      expected,
      got: measureWhaleWin(stakes),
      tolerance: rounding(4),
      note: 'A known limit: above the cap of a fifth, splitting a stake gains.',
    })
  return [win('one name', [400], 0.0075), win('two names', [200, 200], 0.012)]
}

function noiseRows(market: readonly MarketPay[]): readonly VerdictRow[] {
  return NOISE.map(([method, expected, tolerance]) => {
    const pay = market.find((one) => one.method === method)
    const { mean, lo, hi } = pay?.noise ?? { mean: Number.NaN, lo: Number.NaN, hi: Number.NaN }
    return judge(NAME, {
      id: `emissions/noise/${method}`,
      what: `part that five noise sellers take by ${method}`,
      expected,
      got: mean,
      tolerance,
      condition:
        'The market of this figure is described but not fixed; this one has the same sellers with worlds of its own. The buyer is the one described: weights by AdaGrad, a fixed part passed on by shares.',
      note: `Mean over ${MARKET.worldCount} worlds of ${MARKET.questionCount} questions, 95 % interval ${lo.toFixed(3)} to ${hi.toFixed(3)}.`,
    })
  })
}

/** Nothing where the public data are not given. */
function outsideRows(dataFolder: string | null): readonly VerdictRow[] {
  const imported =
    dataFolder === null ? null : loadQuestions(join(dataFolder, 'replication-markets'))
  if (imported === null) return []
  const role = 'survey'
  const played = replicate(byOpening(imported.questions), imported, { role })
  const copied = replicate(byOpening(imported.questions), imported, { role, hasCopier: true })
  const market = scoreOfLast(imported.questions, imported, MARKET_ROLE)
  const row = (
    id: string,
    what: string,
    expected: number,
    got: number | undefined,
    digits: number,
  ) =>
    judge(NAME, {
      id: `emissions/markets/${id}`,
      what,
      expected,
      got: got ?? 'not measured',
      tolerance: rounding(digits),
      note: '103 questions in order of opening, no house.',
    })
  return [
    row('equal', 'log loss, equal weights', 0.5948, played?.equalPool.logLoss, 4),
    row('weighted', 'log loss, this rule', 0.5853, played?.weightedPool.logLoss, 4),
    row('market', 'log loss, the market at its close', 0.574, market?.logLoss, 3),
    row(
      'copier',
      'growth of a copier that sees all reports',
      4.2,
      copied?.copierGrowth ?? undefined,
      1,
    ),
  ]
}

function creditFigure(market: readonly MarketPay[]): Figure {
  const kinds = ['good', 'copy', 'weak', 'noise'] as const
  return {
    id: 'credit',
    title: 'Who takes what of a buyer’s money, by the rule that divides credit',
    caption: `Two good sellers, a near-copy of one, a weak one, and five names that sell noise. Parts of all that was passed on, mean over ${MARKET.worldCount} worlds of ${MARKET.questionCount} questions. Aumann–Shapley credit, its sampled form and the order of seals leave noise little; leave-one-out pays it about twice as much, and equal shares more than a third of all.`,
    svg: drawBars({
      name: 'Pay by rule of credit',
      y: 'part of the pay',
      digits: 2,
      isStacked: true,
      yMax: 1,
      categories: market.map(({ method }) => method),
      series: kinds.map((kind) => ({ name: kind, values: market.map((pay) => pay[kind].mean) })),
    }),
    table: {
      id: 'credit-numbers',
      title: 'Pay by rule of credit',
      caption: 'Means and 95 % bootstrap intervals over worlds.',
      columns: [
        { title: 'rule' },
        { title: 'seller' },
        { title: 'mean', digits: 4 },
        { title: 'lo', digits: 4 },
        { title: 'hi', digits: 4 },
      ],
      rows: market.flatMap((pay) =>
        kinds.map((kind) => [pay.method, kind, pay[kind].mean, pay[kind].lo, pay[kind].hi]),
      ),
    },
  }
}

function flowFigure({ links, kept, questionCount }: WeatherFlow): Figure {
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`
  const labels = new Map(
    [...kept]
      .filter(([role]) => links.some(({ from, to }) => from === role || to === role))
      .map(([role, part]) => [role, `${role}: keeps ${percent(part)}`]),
  )
  return {
    id: 'emission-flow',
    title: 'Where the pay of a weather chain goes',
    caption: `${questionCount} questions about Seattle’s weather in the first half of 2014. The forecaster alone is paid by the network; it and those it pays pass on what they choose to. Bands are as wide as what passed; the label says which part of everything its agent kept in the end.`,
    svg: drawFlow({
      name: 'Pay in a weather chain',
      labels,
      links: links.map(({ from, to, part }) => ({ from, to, amount: part })),
    }),
    table: {
      id: 'emission-flow-numbers',
      title: 'What passed in the weather chain',
      caption: 'Parts of all that was paid.',
      columns: [{ title: 'from' }, { title: 'to' }, { title: 'part', digits: 5 }],
      rows: links.map(({ from, to, part }) => [from, to, part]),
    },
  }
}

function keptFigure({ kept }: WeatherFlow): Figure {
  const kinds = ['forecaster', 'signal', 'feature', 'data']
  const parts = kinds.map((kind) =>
    [...kept]
      .filter(([role]) => role.split(':')[0] === kind)
      .reduce((sum, [, part]) => sum + part, 0),
  )
  return {
    id: 'emission-by-role',
    title: 'What each kind of agent kept',
    caption: 'The same run, by kind of agent, as parts of all that was paid.',
    svg: drawBars({
      name: 'Emission by role',
      y: 'part of all that was paid',
      digits: 3,
      categories: kinds,
      series: [{ name: 'kept', values: parts }],
    }),
    table: {
      id: 'emission-by-role-numbers',
      title: 'What each agent kept',
      caption: 'Parts of all that was paid.',
      columns: [{ title: 'role' }, { title: 'part', digits: 5 }],
      rows: [...kept],
    },
  }
}
