import type { CommonsRow } from '@commonweal/protocol'
import type { Style } from '../output.ts'
import { type Column, formatTable, wrap } from '../table.ts'
import { formatFigure, formatTokenChange, formatTokens } from '../tokens.ts'
import { renderContracts } from './render-contract.ts'
import { renderModels } from './render-models.ts'
import { renderOffenders } from './render-offenders.ts'
import type { AgentReport, Counterfactual, RunReport } from './run-report.ts'

/** The report of a run as lines for people. */
export function renderReport(report: RunReport, style: Style, width: number): readonly string[] {
  return [
    style.bold('Result'),
    ...wrap(summarize(report), width - 2).map(indent),
    '',
    ...renderMetrics(report, style).map(indent),
    '',
    style.bold('Round by round'),
    ...renderRounds(report, style).map(indent),
    '',
    style.bold('Agents'),
    ...renderAgents(report, style).map(indent),
    ...renderModels(report.agents, style),
    '',
    style.bold('Contract'),
    ...renderContracts(report, style, width - 2).map(indent),
    ...renderOffenders(report, style),
  ]
}

/** One sentence or two that a newcomer understands without the table. */
export function summarize(report: RunReport): string {
  const { m, R } = report.metrics
  const [without] = report.counterfactuals
  const last = report.rows.at(-1)
  const fate =
    last?.status === 'collapsed'
      ? `The commons collapsed in round ${m} of ${report.rounds}`
      : `The commons lasted all ${report.rounds} rounds`
  const share = `${formatFigure(report.metrics.u12 * 100, 0)} % of what it can sustain`
  const contrast = without === undefined ? '' : ` ${describeOther(without)}`
  return `${fate}; the agents caught ${R} units, ${share}.${contrast}`
}

function describeOther({ title, metrics }: Counterfactual): string {
  const figures = `${metrics.R} units in ${count(metrics.m, 'round')}`
  return title === 'no contract'
    ? `Without a contract the same agents would have caught ${figures}.`
    : `With ${title} they would have caught ${figures}.`
}

interface Figure {
  readonly letter: string
  readonly meaning: string
  readonly values: readonly string[]
}

function renderMetrics(report: RunReport, style: Style): readonly string[] {
  const runs = [report.metrics, ...report.counterfactuals.map((other) => other.metrics)]
  const welfare = [
    report.agents.reduce((sum, agent) => sum + agent.payoff, 0),
    ...report.counterfactuals.map((other) => other.welfare),
  ]
  const decimals = (pick: (run: (typeof runs)[number]) => number): readonly string[] =>
    runs.map((run) => pick(run).toFixed(3))
  const figures: readonly Figure[] = [
    {
      letter: 'm',
      meaning: `survival: rounds played of ${report.rounds}`,
      values: runs.map((run) => String(run.m)),
    },
    { letter: 'q', meaning: 'survival rate: m / T', values: decimals((run) => run.q) },
    { letter: 'R', meaning: 'gain: units caught', values: runs.map((run) => String(run.R)) },
    { letter: 'u', meaning: 'efficiency over the rounds played', values: decimals((run) => run.u) },
    {
      letter: 'u12',
      meaning: 'efficiency over all rounds',
      values: decimals((run) => run.u12),
    },
    {
      letter: 'e',
      meaning: 'equality of the catches: 1 − Gini',
      values: decimals((run) => run.e),
    },
    {
      letter: 'o',
      meaning: 'over-usage: harvests beyond renewal',
      values: decimals((run) => run.o),
    },
    {
      letter: 'W',
      meaning: 'welfare: Σ of all payoffs',
      values: welfare.map((sum) => sum.toFixed(1)),
    },
  ]
  const titles = ['this run', ...report.counterfactuals.map((other) => other.title)]
  const columns: readonly Column<Figure>[] = [
    { title: '', cell: (figure) => style.bold(figure.letter) },
    { title: '', cell: (figure) => figure.meaning },
    ...titles.map(
      (title, index): Column<Figure> => ({
        title,
        align: 'right',
        cell: (figure) => figure.values[index] ?? '',
      }),
    ),
  ]
  return formatTable(columns, figures, style.dim)
}

/** Rounds in a row that went alike share one line. */
interface RoundSpan {
  readonly from: number
  readonly to: number
  readonly row: CommonsRow
}

function renderRounds(report: RunReport, style: Style): readonly string[] {
  const columns: readonly Column<RoundSpan>[] = [
    {
      title: 'round',
      align: 'right',
      cell: ({ from, to }) => (from === to ? String(from) : `${from}–${to}`),
    },
    { title: 'stock', align: 'right', cell: ({ row }) => String(row.stockBefore) },
    { title: 'requests', cell: ({ row }) => list(row.requests) },
    ...(report.contractMode === 'law'
      ? [{ title: 'after the law', cell: ({ row }: RoundSpan) => list(row.enforced) }]
      : []),
    { title: 'catches', cell: ({ row }) => list(row.catches) },
    { title: 'total', align: 'right', cell: ({ row }) => String(row.catchTotal) },
    { title: 'left', align: 'right', cell: ({ row }) => String(row.stockLeft) },
    {
      title: 'renewed to',
      align: 'right',
      cell: ({ row }) => (row.status === 'open' ? String(row.stockAfter) : row.status),
    },
  ]
  return formatTable(columns, groupRounds(report.rows), style.dim)
}

function list(numbers: readonly number[]): string {
  return numbers.join(' ')
}

function groupRounds(rows: readonly CommonsRow[]): readonly RoundSpan[] {
  const spans: RoundSpan[] = []
  for (const row of rows) {
    const last = spans.at(-1)
    if (last !== undefined && isAlike(last.row, row)) {
      spans[spans.length - 1] = { ...last, to: row.round }
    } else {
      spans.push({ from: row.round, to: row.round, row })
    }
  }
  return spans
}

function isAlike(a: CommonsRow, b: CommonsRow): boolean {
  return JSON.stringify({ ...a, round: 0 }) === JSON.stringify({ ...b, round: 0 })
}

function renderAgents(report: RunReport, style: Style): readonly string[] {
  const columns: readonly Column<AgentReport>[] = [
    { title: 'agent', cell: (agent) => agent.name },
    { title: 'policy', cell: (agent) => agent.policy },
    { title: 'λ', align: 'right', cell: (agent) => formatFigure(agent.lambda, 3) },
    { title: 'value', align: 'right', cell: (agent) => agent.value.toFixed(2) },
    { title: 'catch', align: 'right', cell: (agent) => String(agent.catchTotal) },
    { title: 'payoff u', align: 'right', cell: (agent) => agent.payoff.toFixed(1) },
    { title: 'utility V', align: 'right', cell: (agent) => agent.utility.toFixed(1) },
    { title: 'balance', align: 'right', cell: (agent) => formatTokens(agent.balanceMicro) },
    {
      title: 'change',
      align: 'right',
      cell: (agent) => formatTokenChange(agent.balanceChangeMicro),
    },
    { title: 'by law', align: 'right', cell: (agent) => formatTokenChange(agent.transfersMicro) },
  ]
  return formatTable(columns, report.agents, style.dim)
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function indent(line: string): string {
  return line === '' ? '' : `  ${line}`
}
