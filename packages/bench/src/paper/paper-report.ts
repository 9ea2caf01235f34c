import type { Report, ReportSection } from '../report/report.ts'
import type { Table } from '../report/table.ts'
import { countVerdicts, type MeasuredSection } from './paper.ts'
import type { VerdictRow } from './verdict-row.ts'

/** What was measured, as a report for people. */
export function createPaperReport(measured: readonly MeasuredSection[], seed: string): Report {
  const rows = measured.flatMap((section) => section.rows)
  return {
    title:
      'Coordination by contracts and by prosocial weight: published figures and what this software makes of them',
    summary: summarise(rows),
    sections: measured.map(toSection),
    colophon: `Made by “commonweal bench paper” with the seed ${seed}. The same version and seed give the same numbers on any machine.`,
  }
}

function summarise(rows: readonly VerdictRow[]): readonly string[] {
  const { all, ok, conditional, off } = countVerdicts(rows)
  const missing = rows.filter(({ verdict }) => verdict === 'off')
  return [
    `Of ${all} figures whose value is known, ${ok} come out as they should${conditional === 0 ? '' : `, ${conditional} of these under a condition that their row states`}; ${off === 0 ? 'none is off' : `${off} ${off === 1 ? 'is' : 'are'} off: ${missing.map(({ what }) => what).join('; ')}`}.`,
    'The claim behind them: a contract can speak only of what its language can tell apart. Where that leaves something out, self-interested agents lose welfare under every contract, and agents with enough prosocial weight win it back without any.',
    'Numbers are exact where nothing is drawn by lot. Others are means over runs with seeds, with 95 % percentile bootstrap intervals over whole runs. Every plot has its numbers in a table below it, and all tables are CSV files beside this page.',
  ]
}

function toSection({ section, rows, figures = [], tables = [] }: MeasuredSection): ReportSection {
  const { name, title, text } = section
  const verdicts = rows.length === 0 ? [] : [verdictTable(name, title, rows)]
  return { id: name, title, text, figures, tables: [...tables, ...verdicts] }
}

/** Every row with both figures; the shared start of what is measured is not repeated. */
function verdictTable(name: string, title: string, rows: readonly VerdictRow[]): Table {
  const { all, ok } = countVerdicts(rows)
  return {
    id: `verdicts-${name}`,
    title: `${title}: ${ok} of ${all} as expected`,
    caption: 'What is expected, what came out, how far the two may be apart, and the verdict.',
    columns: [
      { title: 'figure' },
      { title: 'expected' },
      { title: 'got' },
      { title: 'tolerance' },
      { title: 'verdict' },
      { title: 'note' },
    ],
    rows: rows.map(({ what, expected, got, tolerance, verdict, note }) => [
      what,
      readable(expected),
      readable(got),
      tolerance === 0 ? 'exact' : String(Number(tolerance.toPrecision(2))),
      verdict,
      note,
    ]),
  }
}

/** Up to six decimals, and no more than there are. */
function readable(reading: VerdictRow['got']): string {
  if (typeof reading === 'string') return reading
  return String(Number(reading.toFixed(6))).replace('-', '−')
}
