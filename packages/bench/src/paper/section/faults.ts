import { present } from '@commonweal/protocol'
import { listBuiltIns } from '../../experiment/built-in.ts'
import { parseExperiment } from '../../experiment/parse-experiment.ts'
import { planRuns, type RunPlan } from '../../experiment/run-plan.ts'
import type { Metrics, RunResult } from '../../experiment/run-result.ts'
import { drawHeat } from '../../report/plot/heat-plot.ts'
import type { Cell, Table } from '../../report/table.ts'
import { bootstrapMean } from '../../statistics/bootstrap.ts'
import { summarise } from '../../statistics/summary.ts'
import { runCells } from '../run-experiment.ts'
import type { Measured, PaperSection } from '../section.ts'
import { judge, type VerdictRow } from '../verdict-row.ts'

const NAME = 'faults'
const EXPERIMENT = 'protocol-attacks'
/** The mix of the others in which the commons lasts under every contract condition. */
const MIX = 'λ = 3'
/** Closed-form agents do not read: under words alone they play as without a contract. */
const CONTRACTS: readonly unknown[] = ['none', 'law']
const TABLE = 'attack-matrix-protocol'
/** Less than this is no gain: payoffs are sums of floats. */
const TOLERANCE = 1e-9

/** What is to come of each fault: who signed something that proves it pays, who can be told from the honest is named. */
const EXPECTED: Readonly<Record<string, string>> = {
  'double-vote': 'punished',
  'contradict-votes': 'punished',
  'equivocate-proposals': 'punished',
  'equivocate-talk': 'punished where there is talk',
  'withhold-reveals': 'punished',
  'withhold-shares': 'punished',
  'withhold-votes': 'named',
  'silent-leader': 'named',
  'skip-blocks': 'named',
  replay: 'named',
  // One replica hears the story that the ledger takes, and no other, in half of the rounds: in all eight once in 256 runs.
  'double-spend': 'named in nine of ten runs',
  flood: 'named',
}

/** The runs of the built-in experiment that the paper shows, by fault. */
function plansByKind(): ReadonlyMap<string, readonly RunPlan[]> {
  const file = present(
    listBuiltIns().find(({ name }) => name === EXPERIMENT),
    'the experiment comes with the package',
  )
  const plans = planRuns(parseExperiment(file.text, file.path))
  const shown = plans.filter(
    ({ cell }) => cell['population'] === MIX && CONTRACTS.includes(cell['contract']),
  )
  return Map.groupBy(shown, ({ cell }) => String(cell['adversaries.0.kind']))
}

const PLANS = plansByKind()

/** What replicas that break the protocol gain, pay, and cost the others, and who is named. */
export const faultsSection: PaperSection = {
  name: NAME,
  title: 'What replicas that break the protocol gain',
  text: [
    'Whole replicas in virtual time, on a network that loses one message in a hundred: one of five breaks a rule from the first round on, and its agent plays its part all the same. Each run is set against the same run in which all keep the rules. Gain and loss are payoffs, in units of the resource; what slashing takes is in tokens, beside them.',
    'Punished is whom the ledger slashed. Suspects are whom one honest replica names by what it sees of the others; to be absent is no accusation, and right of a replica that was away. Heights count blocks: of a punishment from the offence, of a suspicion from the start of the run.',
  ],
  partCount: PLANS.size,
  partSeconds: 6,
  async measure(_options, part) {
    const [kind, plans] = present([...PLANS][part], 'there is a part for every fault')
    const cells = await runCells(plans)
    const rows = [...cells].map(([{ contract }, runs]) => rowOf(kind, String(contract), runs))
    return { rows: [verdictOf(kind, [...cells.values()].flat())], tables: [tableOf(rows)] }
  },
  finish: addFigure,
}

/** Whether the attacker came to what it should, in every run of a fault. */
export function verdictOf(kind: string, runs: readonly RunResult[]): VerdictRow {
  const all = metricsOf(runs)
  const expected = EXPECTED[kind]
  const gain = bootstrapMean(valuesOf(all, 'deviation.gain'), `${NAME}/${kind}`)
  const accused = sumOf(all, 'slashed.honest') + sumOf(all, 'suspects.honest')
  const unfit = valuesOf(all, 'conservationError').filter((error) => error !== 0).length
  const words = [
    gain.lo > TOLERANCE ? `gains ${gain.mean.toFixed(2)}` : 'gains nothing',
    ...(expected === undefined ? [] : [cameTo(expected, all)]),
    accused === 0 ? 'nobody honest is blamed' : `${accused} honest blamed`,
    ...(unfit === 0 ? [] : [`the ledger is off in ${unfit} runs`]),
    ...(all.length === runs.length ? [] : [`${runs.length - all.length} runs failed`]),
  ]
  const wanted = ['gains nothing', ...(expected === undefined ? [] : [expected])]
  return judge(NAME, {
    id: `faults/${kind}`,
    what: `${kind}, in ${runs.length} runs`,
    expected: [...wanted, 'nobody honest is blamed'].join(', '),
    got: words.join(', '),
    note: noteOf(all),
  })
}

/** As expected where that is so of every run that has an occasion, or of nine in ten where luck has a part. */
function cameTo(expected: string, all: readonly Metrics[]): string {
  const metric = expected.startsWith('punished') ? 'slashing.recall' : 'named'
  const rates = valuesOf(all, metric)
  const hits = rates.filter((rate) => rate === 1).length
  const least = expected.endsWith('nine of ten runs') ? 0.9 : 1
  const isMet = hits > 0 && hits >= least * rates.length
  return isMet ? expected : `${expected.replace(/ in nine.*/, '')} in ${hits} of ${rates.length}`
}

function noteOf(all: readonly Metrics[]): string {
  const punished = meanOf(all, 'detection.heights')
  const named = meanOf(all, 'suspects.heights')
  return [
    punished === null ? '' : `Punished ${punished.toFixed(1)} blocks after the offence.`,
    named === null ? '' : `Named at height ${named.toFixed(1)}.`,
  ]
    .filter((text) => text !== '')
    .join(' ')
}

/** Shown of each cell: what it is called, the metric, and digits. */
const COLUMNS = [
  ['loss of the others', 'surplus.loss', 3],
  ['tokens slashed', 'slashed.tokens', 1],
  ['slashing precision', 'slashing.precision', 2],
  ['slashing recall', 'slashing.recall', 2],
  ['blocks to punishment', 'detection.heights', 1],
  ['suspects precision', 'suspects.precision', 2],
  ['suspects recall', 'suspects.recall', 2],
  ['height of suspicion', 'suspects.heights', 1],
] as const

function rowOf(kind: string, contract: string, runs: readonly RunResult[]): readonly Cell[] {
  const all = metricsOf(runs)
  const label = `${NAME}/${kind}/${contract}`
  const { interval: gain } = summarise(valuesOf(all, 'deviation.gain'), label)
  return [
    kind,
    contract,
    gain?.mean ?? null,
    gain?.lo ?? null,
    gain?.hi ?? null,
    ...COLUMNS.flatMap(([, metric]): readonly Cell[] => {
      const { interval } = summarise(valuesOf(all, metric), `${label}/${metric}`)
      return [interval?.mean ?? null]
    }),
    sumOf(all, 'conservationError'),
    runs.length - all.length,
  ]
}

function tableOf(rows: readonly (readonly Cell[])[]): Table {
  return {
    id: TABLE,
    title: 'Replicas that break the protocol, by contract condition',
    caption: `Others of weight 3, ten seeds a row. Gain in units of the resource, with its 95 % bootstrap interval over runs; the rest are means; empty where there was no occasion. The whole matrix, with words as a contract too, five mixes of the others and every interval: “commonweal bench run ${EXPERIMENT}”.`,
    columns: [
      { title: 'fault' },
      { title: 'contract' },
      ...['gain', 'lo', 'hi'].map((title) => ({ title, digits: 2 })),
      ...COLUMNS.map(([title, , digits]) => ({ title, digits })),
      { title: 'conservation error' },
      { title: 'failed' },
    ],
    rows,
  }
}

/** The matrix as a plot, once all its rows are there. */
function addFigure(measured: Measured): Measured {
  const { tables = [] } = measured
  const table = present(
    tables.find(({ id }) => id === TABLE),
    'every part fills the table',
  )
  const kinds = [...new Set(table.rows.map(([kind]) => String(kind)))]
  const contracts = [...new Set(table.rows.map(([, contract]) => String(contract)))]
  const numberAt = (kind: string, contract: string, title: string): number | null => {
    const row = table.rows.find((one) => one[0] === kind && one[1] === contract)
    const value = row?.[table.columns.findIndex((column) => column.title === title)]
    return typeof value === 'number' ? value : null
  }
  const svg = drawHeat({
    name: 'Gain of each fault of a replica, and tokens that it loses',
    rows: kinds,
    columns: contracts.flatMap((contract) => [`gain, ${contract}`, `tokens, ${contract}`]),
    values: kinds.map((kind) =>
      contracts.flatMap((contract) => {
        const slashed = numberAt(kind, contract, 'tokens slashed')
        return [numberAt(kind, contract, 'gain'), slashed === null ? null : -slashed]
      }),
    ),
    digits: 1,
  })
  return {
    ...measured,
    figures: [
      {
        id: `${TABLE}-plot`,
        title: 'Gain of each fault of a replica, and tokens that it loses',
        caption:
          'Rows are faults. For each contract condition: the gain over the same stake keeping the rules, in units of the resource, then what slashing took, in tokens, with a minus. Orange is above 0, blue below; the colours of a column run over that column. Means over ten seeds.',
        svg,
      },
    ],
  }
}

function metricsOf(runs: readonly RunResult[]): readonly Metrics[] {
  return runs.flatMap((run) => (run.status === 'done' ? [run.metrics] : []))
}

function valuesOf(all: readonly Metrics[], metric: string): readonly number[] {
  return all.flatMap((metrics) => metrics[metric] ?? [])
}

function sumOf(all: readonly Metrics[], metric: string): number {
  return valuesOf(all, metric).reduce((sum, value) => sum + value, 0)
}

function meanOf(all: readonly Metrics[], metric: string): number | null {
  const values = valuesOf(all, metric)
  return values.length === 0 ? null : sumOf(all, metric) / values.length
}
