import { formatScore } from '../forecast/score-text.ts'
import type { Style } from '../output.ts'
import { type Column, formatTable, wrap } from '../table.ts'
import { formatTokens } from '../tokens.ts'
import type { AdversaryReport, AdversaryResult, Buyer } from './adversary-report.ts'

/** Who worked against its buyers, what it got, and who dropped it. */
export function renderAdversaries(
  { adversaries, honest }: AdversaryReport,
  nameOf: (agent: string) => string,
  style: Style,
  width: number,
): readonly string[] {
  const rows: readonly Row[] = [
    ...adversaries,
    ...(honest === null ? [] : [{ name: 'an honest signal, mean', ...honest }]),
  ]
  return [
    style.bold('Adversaries'),
    ...formatTable(COLUMNS, rows, style.dim).map(indent),
    ...adversaries.flatMap((one) =>
      wrap(describeAdversary(one, nameOf), width - 2, '  ').map(indent),
    ),
  ]
}

type Row = Pick<AdversaryResult, 'name' | 'skill' | 'receivedMicro' | 'keptMicro'>

const COLUMNS: readonly Column<Row>[] = [
  { title: '', cell: ({ name }) => name },
  { title: 'against the house', align: 'right', cell: ({ skill }) => formatScore(skill) },
  { title: 'received', align: 'right', cell: ({ receivedMicro }) => formatTokens(receivedMicro) },
  { title: 'keeps n', align: 'right', cell: ({ keptMicro }) => formatTokens(keptMicro) },
]

/** Who pays it, who has dropped it, who heard it and never paid; and whether it said anything of its own. */
function describeAdversary(
  { name, buyers, questionCount, repeatedCount }: AdversaryResult,
  nameOf: (agent: string) => string,
): string {
  const list = (stream: Buyer['stream']): string =>
    buyers
      .filter((buyer) => buyer.stream === stream)
      .map(({ agent, paidMicro }) =>
        stream === 'never-paid' ? nameOf(agent) : `${nameOf(agent)} (${formatTokens(paidMicro)})`,
      )
      .join(', ')
  const [paying, dropped, never] = [list('pays'), list('dropped'), list('never-paid')]
  const facts = [
    ...(paying === '' ? [] : [`paid by ${paying}`]),
    ...(dropped === '' ? [] : [`dropped by ${dropped}`]),
    ...(never === '' ? [] : [`heard and never paid by ${never}`]),
    ...(buyers.length === 0 ? ['heard by nobody'] : []),
    ...(repeatedCount === 0
      ? []
      : [
          `said what another had sealed before it on ${repeatedCount} of ${questionCount} questions`,
        ]),
  ]
  return `${name}: ${facts.join('; ')}`
}

function indent(line: string): string {
  return `  ${line}`
}
