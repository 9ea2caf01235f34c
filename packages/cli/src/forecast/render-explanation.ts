import type { Style } from '../output.ts'
import { printable } from '../question-files.ts'
import { type Column, truncate, wrap } from '../table.ts'
import { formatFigure, formatTokenChange, formatTokens } from '../tokens.ts'
import type { NameOf } from './agent-names.ts'
import { describeResolution } from './describe-resolution.ts'
import type { ExplainedParticipant, ExplainedStatement, Explanation } from './explanation.ts'
import { fitTable } from './fit-table.ts'
import { quote, titleOf } from './question-name.ts'
import { formatScore } from './score-text.ts'
import { renderTree, type TreeNode } from './tree.ts'

/** Cells of somebody's reasoning, and of a hypothesis, that are shown: an agent may write a kilobyte. */
const REASONING_WIDTH_MAX = 480
const HYPOTHESIS_WIDTH_MAX = 160
const NAME_WIDTH_MAX = 32
const OUTCOMES_SHOWN_MAX = 8

/** An explanation as lines of text. Words of agents are shown as words: quoted, bounded, without control characters. */
export function renderExplanation(
  explanation: Explanation,
  nameOf: NameOf,
  style: Style,
  width: number,
): readonly string[] {
  const { question, statements, participants, epoch } = explanation
  const { body } = question
  const outcomes = body.outcomes.map((name) => truncate(printable(name), NAME_WIDTH_MAX))
  const [first, last] = [body.openHeight, body.snapshots.at(-1)?.closeHeight ?? body.openHeight]
  return [
    style.bold(titleOf(body.topic)),
    ...wrap(quote(body.text, REASONING_WIDTH_MAX), width - 2, '').map(indent),
    indent(style.dim(`${printable(body.topic)}  ${question.id}`)),
    indent(
      `asked by ${nameOf(question.author)} at height ${question.askedHeight}; took statements from ${first} to ${last}`,
    ),
    ...wrap(`the house says ${formatReport(body.referenceBps, outcomes)}`, width - 2).map(indent),
    '',
    style.bold('What came true'),
    ...describeResolution(explanation, outcomes, nameOf).flatMap((sentence) =>
      wrap(sentence, width - 2).map(indent),
    ),
    '',
    style.bold('What was said'),
    ...renderStatements(explanation, statements, outcomes, style, width),
    '',
    style.bold('Who was paid'),
    ...(participants.length === 0
      ? question.end === null
        ? []
        : [indent('nobody said anything')]
      : fitTable(PARTICIPANT_COLUMNS, participants, style.dim, {
          width: width - 2,
          dropOrder: ['received', 'passed on', 'K', 'against the house'],
        }).map(indent)),
    ...wrap(describePay(explanation, epoch), width - 2).map((line) => indent(style.dim(line))),
  ]
}

function describePay({ resolution }: Explanation, epoch: number | null): string {
  if (resolution.state === 'live') return 'nobody yet: it is not settled'
  if (epoch === null) return 'it had no part in any emission'
  return `in tokens, of the emission of epoch ${epoch}; paid + received = passed on + keeps`
}

const PARTICIPANT_COLUMNS: readonly Column<ExplainedParticipant>[] = [
  {
    title: '',
    cell: ({ name, isWithheld }) => (isWithheld ? `${name} (kept a report back)` : name),
  },
  { title: 'against the house', align: 'right', cell: ({ skill }) => formatScore(skill) },
  { title: 'K', align: 'right', cell: ({ kelly }) => formatScore(kelly) },
  {
    title: 'weight',
    align: 'right',
    cell: ({ weight }) => (weight === null ? '' : formatTokens(weight.beforeMicro)),
  },
  {
    title: 'moved',
    align: 'right',
    cell: ({ weight }) =>
      weight === null ? '' : formatTokenChange(weight.afterMicro - weight.beforeMicro),
  },
  { title: 'paid e', align: 'right', cell: ({ paidMicro }) => formatTokens(paidMicro) },
  { title: 'received', align: 'right', cell: ({ receivedMicro }) => formatTokens(receivedMicro) },
  { title: 'passed on', align: 'right', cell: ({ passedOnMicro }) => formatTokens(passedOnMicro) },
  { title: 'keeps n', align: 'right', cell: ({ keptMicro }) => formatTokens(keptMicro) },
]

function renderStatements(
  { question }: Explanation,
  statements: readonly ExplainedStatement[],
  outcomes: readonly string[],
  style: Style,
  width: number,
): readonly string[] {
  const { snapshots } = question.body
  const lines = snapshots.flatMap(({ closeHeight, weightBps }, index) => {
    const said = statements.filter(({ snapshot }) => snapshot === index + 1)
    const title =
      snapshots.length === 1
        ? []
        : [
            indent(
              style.dim(
                `snapshot ${index + 1}, until height ${closeHeight}, ${formatFigure(weightBps / 100)} % of the score`,
              ),
            ),
          ]
    const trees = said.map((statement) => toTree(question.id, statement, outcomes))
    return said.length === 0 ? [] : [...title, ...renderTree(trees, width - 2).map(indent)]
  })
  const none = question.end === null ? 'nothing is opened yet' : 'nothing was opened'
  return lines.length === 0 ? [indent(none)] : lines
}

/** A statement as a branch: what it says, why, and those that it was made from. */
function toTree(
  question: string,
  statement: ExplainedStatement,
  outcomes: readonly string[],
  note = '',
): TreeNode {
  const { name, report, findings, reasoning, hypotheses, parents, isRepeated } = statement
  const says = report === null ? 'hands on findings' : formatReport(report, outcomes)
  if (isRepeated) return { text: `${name}: ${says}${note} (see above)`, notes: [], branches: [] }
  const found = findings.map(
    (one) => `${truncate(printable(one.name), NAME_WIDTH_MAX)} = ${one.value}`,
  )
  return {
    text: `${name}: ${says}${note}`,
    notes: [
      ...(reasoning === '' ? [] : [quote(reasoning, REASONING_WIDTH_MAX)]),
      ...hypotheses.map((one) => `supposes ${quote(one, HYPOTHESIS_WIDTH_MAX)}`),
      ...(found.length === 0 ? [] : [`found ${found.join(', ')}`]),
    ],
    branches: parents.map((parent) => {
      if (parent.kind === 'unknown') {
        const text = `${parent.digest.slice(0, 8)}…: never opened, as far as this node knows`
        return { text, notes: [], branches: [] }
      }
      const isElsewhere = parent.question !== question
      const isEarlier = parent.statement.snapshot !== statement.snapshot
      const place = isEarlier ? ` (in snapshot ${parent.statement.snapshot})` : ''
      const from = isElsewhere ? ' (on another question)' : place
      return toTree(parent.question, parent.statement, isElsewhere ? [] : outcomes, from)
    }),
  }
}

/** `rain 71 %, dry 29 %`: as many outcomes as fit a line, the likeliest where there are more. */
function formatReport(report: readonly number[], outcomes: readonly string[]): string {
  const parts = report.map((bps, index) => ({ name: outcomes[index] ?? `#${index}`, bps }))
  const shown =
    parts.length <= OUTCOMES_SHOWN_MAX
      ? parts
      : parts.toSorted((a, b) => b.bps - a.bps).slice(0, OUTCOMES_SHOWN_MAX)
  const rest = parts.length - shown.length
  const words = shown.map(({ name, bps }) => `${name} ${formatFigure(bps / 100)} %`).join(', ')
  return rest === 0 ? words : `${words}, ${rest} more`
}

function indent(line: string): string {
  return line === '' ? '' : `  ${line}`
}
