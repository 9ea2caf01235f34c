import { formatScore } from '../forecast/score-text.ts'
import type { Style } from '../output.ts'
import { type Column, formatTable, wrap } from '../table.ts'
import { formatTokenChange, formatTokens } from '../tokens.ts'
import type { AdversaryReport, AdversaryResult, Buyer } from './adversary-report.ts'

/** Who worked against its buyers, what it got, and who dropped it. */
export function renderAdversaries(
  { adversaries, honest }: AdversaryReport,
  nameOf: (agent: string) => string,
  style: Style,
  width: number,
): readonly string[] {
  const rows: readonly Row[] = [
    ...adversaries.map((one) => ({
      ...one,
      gainMicro: honest === null ? null : one.keptMicro - honest.keptMicro,
    })),
    ...(honest === null ? [] : [{ name: 'an honest signal, mean', ...honest, gainMicro: null }]),
  ]
  return [
    style.bold('Adversaries'),
    ...formatTable(COLUMNS, rows, style.dim).map(indent),
    ...adversaries.flatMap((one) =>
      wrap(describeAdversary(one, nameOf), width - 2, '  ').map(indent),
    ),
  ]
}

interface Row extends Pick<AdversaryResult, 'name' | 'skill' | 'receivedMicro' | 'keptMicro'> {
  /** What it keeps beyond an honest signal; null for that itself, and where there is none. */
  readonly gainMicro: bigint | null
}

const COLUMNS: readonly Column<Row>[] = [
  { title: '', cell: ({ name }) => name },
  { title: 'against the house', align: 'right', cell: ({ skill }) => formatScore(skill) },
  { title: 'received', align: 'right', cell: ({ receivedMicro }) => formatTokens(receivedMicro) },
  { title: 'keeps n', align: 'right', cell: ({ keptMicro }) => formatTokens(keptMicro) },
  {
    title: 'gain',
    align: 'right',
    cell: ({ gainMicro }) => (gainMicro === null ? '' : formatTokenChange(gainMicro)),
  },
]

/** Who pays it, who has dropped it, who heard it and never paid; and whether it said anything of its own. */
function describeAdversary(
  { name, buyers, questionCount, repeatedCount }: AdversaryResult,
  nameOf: (agent: string) => string,
): string {
  const list = (stream: Buyer['stream']): string =>
    buyers
      .filter((buyer) => buyer.stream === stream)
      .map(({ agent, paidMicro }) => ({ buyer: nameOf(agent), paidMicro }))
      .toSorted((a, b) => Number(b.paidMicro - a.paidMicro) || (a.buyer < b.buyer ? -1 : 1))
      .map(({ buyer, paidMicro }) => {
        if (stream === 'never-paid') return buyer
        return `${buyer} (${stream === 'dropped' ? 'after ' : ''}${formatTokens(paidMicro)})`
      })
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
