import type { Interval, MeanScore } from '@commonweal/bench/forecast'
import { describeDispute } from '../forecast/describe-resolution.ts'
import { fitTable } from '../forecast/fit-table.ts'
import { describeFault } from '../forecast/render-epoch-trace.ts'
import { formatScore } from '../forecast/score-text.ts'
import type { Style } from '../output.ts'
import { type Column, formatTable, wrap } from '../table.ts'
import { formatFigure, formatTokenChange, formatTokens } from '../tokens.ts'
import type { AgentResult, ForecastReport, KindReport, RoleResult } from './forecast-report.ts'
import { renderAdversaries } from './render-adversaries.ts'
import { renderModels } from './render-models.ts'
import { count } from './render-report.ts'

/** The report of a run of the forecasting scenario as lines for people. */
export function renderForecastReport(
  report: ForecastReport,
  style: Style,
  width: number,
): readonly string[] {
  return [
    style.bold('Result'),
    ...wrap(summarizeForecasts(report), width - 2).map(indent),
    ...report.kinds.flatMap((kind) => ['', ...renderKind(kind, style, width)]),
    '',
    style.bold('Agents'),
    ...fitTable(AGENT_COLUMNS, report.agents, style.dim, {
      width: width - 2,
      dropOrder: ['received', 'passed on', 'questions', 'λ', 'role'],
    }).map(indent),
    '',
    style.bold('Emission by role'),
    ...formatTable(ROLE_COLUMNS, report.roles, style.dim).map(indent),
    ...wrap(describeSums(report), width - 2).map((line) =>
      indent(report.faults.length === 0 ? style.green(line) : style.red(line)),
    ),
    ...report.faults.map((fault) => indent(style.red(describeFault(fault, nameIn(report))))),
    ...(report.against === null
      ? []
      : ['', ...renderAdversaries(report.against, nameIn(report), style, width)]),
    ...renderTopPayments(report, style, width),
    ...renderDisputes(report, style, width),
    ...renderModels(report.agents, style),
  ]
}

/** A sentence or two that a newcomer understands without the tables. */
export function summarizeForecasts(report: ForecastReport): string {
  const { questionCount, resolvedCount, voidCount, withheldCount, kinds } = report
  const voids = voidCount === 0 ? '' : `, ${voidCount} void`
  const kept = withheldCount === 0 ? '' : `; ${count(withheldCount, 'report')} kept back`
  const best = kinds.flatMap(({ kind, climatology, skills }) => {
    // Who answered a few may have had luck with them.
    const first = skills.find((skill) => 2 * skill.questionCount >= climatology.questionCount)
    if (first === undefined) return []
    const over = count(first.questionCount, 'question')
    return [
      ` On ${kind} ${first.name} was best: ${describeGain(first.overClimatology)}, over ${over}.`,
    ]
  })
  return `${count(questionCount, 'question')}, ${resolvedCount} of them answered${voids}${kept}.${best.join('')}`
}

function describeGain({ mean, lo, hi }: Interval): string {
  const nats = Math.abs(mean).toFixed(3)
  if (Number(nats) === 0) return 'as good as climatology'
  const size = `${nats} nats a question ${mean < 0 ? 'worse' : 'better'} than climatology`
  return lo <= 0 && hi >= 0 ? `${size}, which may be chance` : size
}

interface SkillLine extends MeanScore {
  readonly name: string
  readonly role: string
  readonly overClimatology: Interval | null
  readonly overPersistence: Interval | null
}

function renderKind(report: KindReport, style: Style, width: number): readonly string[] {
  const { kind, climatology, persistence, house, skills } = report
  const none = { role: '', overClimatology: null, overPersistence: null }
  const lines: readonly SkillLine[] = [
    ...skills,
    { name: 'the house', ...none, ...house },
    { name: 'climatology', ...none, ...climatology },
    { name: 'persistence', ...none, ...persistence },
  ]
  return [
    style.bold(`Skill on ${kind}`),
    ...fitTable(SKILL_COLUMNS, lines, style.dim, {
      width: width - 2,
      dropOrder: ['role', 'Brier', 'questions'],
    }).map(indent),
    ...wrap(SKILL_LEGEND, width - 2).map((line) => indent(style.dim(line))),
  ]
}

const SKILL_LEGEND =
  'gain: nats a question by which the log loss is below that of the baseline, over the same questions, and its 95 % bootstrap interval'

const SKILL_COLUMNS: readonly Column<SkillLine>[] = [
  { title: '', cell: ({ name }) => name },
  { title: 'role', cell: ({ role }) => role },
  { title: 'questions', align: 'right', cell: ({ questionCount }) => String(questionCount) },
  { title: 'log loss', align: 'right', cell: ({ logLoss }) => logLoss.toFixed(4) },
  { title: 'Brier', align: 'right', cell: ({ brier }) => brier.toFixed(4) },
  {
    title: 'gain on climatology',
    align: 'right',
    cell: ({ overClimatology, questionCount }) => formatGain(overClimatology, questionCount),
  },
  {
    title: 'gain on persistence',
    align: 'right',
    cell: ({ overPersistence, questionCount }) => formatGain(overPersistence, questionCount),
  },
]

function formatGain(gain: Interval | null, questionCount: number): string {
  if (gain === null) return ''
  const { mean, lo, hi } = gain
  // Of one question every resample is the same: that is no interval.
  if (questionCount < 2) return formatScore(mean)
  return `${formatScore(mean)} [${formatScore(lo)}, ${formatScore(hi)}]`
}

const AGENT_COLUMNS: readonly Column<AgentResult>[] = [
  { title: 'agent', cell: ({ name }) => name },
  { title: 'role', cell: ({ role }) => role },
  { title: 'λ', align: 'right', cell: ({ lambda }) => formatFigure(lambda, 3) },
  { title: 'questions', align: 'right', cell: ({ questionCount }) => String(questionCount) },
  { title: 'ΣK', align: 'right', cell: ({ kellyTotal }) => formatScore(kellyTotal, 2) },
  {
    title: 'weight',
    align: 'right',
    cell: ({ weightFirstMicro, weightLastMicro }) =>
      weightFirstMicro === null || weightLastMicro === null
        ? ''
        : `${formatTokens(weightFirstMicro)} → ${formatTokens(weightLastMicro)}`,
  },
  { title: 'paid e', align: 'right', cell: ({ paidMicro }) => formatTokens(paidMicro) },
  { title: 'received', align: 'right', cell: ({ receivedMicro }) => formatTokens(receivedMicro) },
  { title: 'passed on', align: 'right', cell: ({ passedOnMicro }) => formatTokens(passedOnMicro) },
  { title: 'keeps n', align: 'right', cell: ({ keptMicro }) => formatTokens(keptMicro) },
]

const ROLE_COLUMNS: readonly Column<RoleResult>[] = [
  { title: 'role', cell: ({ role }) => role },
  { title: 'agents', align: 'right', cell: ({ agentCount }) => String(agentCount) },
  { title: 'paid e', align: 'right', cell: ({ paidMicro }) => formatTokens(paidMicro) },
  { title: 'received', align: 'right', cell: ({ receivedMicro }) => formatTokens(receivedMicro) },
  { title: 'passed on', align: 'right', cell: ({ passedOnMicro }) => formatTokens(passedOnMicro) },
  { title: 'keeps n', align: 'right', cell: ({ keptMicro }) => formatTokens(keptMicro) },
  {
    title: 'share',
    align: 'right',
    cell: ({ keptShare }) => (keptShare === null ? '' : `${formatFigure(keptShare * 100, 1)} %`),
  },
]

function describeSums(report: ForecastReport): string {
  const { paidMicro, unmintedMicro, idleMicro, emissionMicro, faults } = report
  const idle =
    idleMicro === 0n
      ? ''
      : ` (${formatTokens(idleMicro)} of it in epochs in which no question paid anybody)`
  const sums = `paid ${formatTokens(paidMicro)} + not minted ${formatTokens(unmintedMicro)}${idle}, to emit ${formatTokens(emissionMicro)}`
  return faults.length === 0
    ? `${sums}: it adds up to the last micro-unit, and so does what flowed`
    : `${sums}: the sums do not agree, this is a defect`
}

function renderTopPayments(report: ForecastReport, style: Style, width: number): readonly string[] {
  if (report.topPayments.length === 0) return []
  const nameOf = nameIn(report)
  return [
    '',
    style.bold('Top payments, and the way that most of each went'),
    ...report.topPayments.flatMap(({ title, hops }) => {
      const way = hops.map(
        ({ agent, amountMicro }) => `${nameOf(agent)} ${formatTokens(amountMicro)}`,
      )
      return wrap([title, ...way].join(' → '), width - 2, '  ').map(indent)
    }),
  ]
}

/** Disputes that are told in full. */
const DISPUTES_SHOWN_MAX = 6

/** Who lied about what came true, who said so, and what it cost whom. */
function renderDisputes(report: ForecastReport, style: Style, width: number): readonly string[] {
  const { disputes } = report
  if (disputes.length === 0) return []
  const nameOf = nameIn(report)
  const shown = disputes.slice(0, DISPUTES_SHOWN_MAX)
  const left = disputes.length - shown.length
  const sums = new Map<string, bigint>()
  for (const { agent, gainMicro } of disputes.flatMap(({ gains }) => gains)) {
    sums.set(agent, (sums.get(agent) ?? 0n) + gainMicro)
  }
  const changes = [...sums]
    .filter(([, gainMicro]) => gainMicro !== 0n)
    .toSorted(([, a], [, b]) => Number(a - b))
    .map(([agent, gainMicro]) => `${nameOf(agent)} ${formatTokenChange(gainMicro)}`)
  return [
    '',
    style.bold('Disputes about what came true'),
    ...shown.flatMap(({ title, outcomes, ...facts }) => {
      const said = describeDispute(facts, outcomes, nameOf).join('; ')
      return wrap(`${title}: ${said}`, width - 2, '  ').map(indent)
    }),
    ...(left === 0 ? [] : [indent(style.dim(`and ${left} more`))]),
    ...wrap(
      `in all: ${changes.join(', ')}; what one loses and nobody wins is burned`,
      width - 2,
      '  ',
    ).map((line) => indent(style.dim(line))),
  ]
}

function nameIn({ agents }: ForecastReport): (agent: string) => string {
  const names = new Map(agents.map(({ agent, name }) => [agent, name]))
  return (agent) => names.get(agent) ?? agent.slice(0, 8)
}

function indent(line: string): string {
  return line === '' ? '' : `  ${line}`
}
