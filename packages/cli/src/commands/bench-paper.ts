import type { PaperSection, VerdictRow } from '@commonweal/bench/paper'
import { formatPath } from '../invocation.ts'
import { createOutput, type Output } from '../output.ts'
import { renderVerdicts } from '../result/render-verdicts.ts'
import { CommandError, UsageError } from '../usage-error.ts'
import { type GridFlags, isGrid, runGrid } from './bench-paper-models.ts'

export interface BenchPaperFlags extends GridFlags {
  readonly out?: string
  readonly only?: string
  readonly data?: string
  readonly seed: string
}

/** Measures the published figures again; fails where one is off. The bench is loaded only when it is asked for. */
export async function runBenchPaper(
  flags: BenchPaperFlags,
  output: Output = createOutput(flags),
): Promise<void> {
  if (isGrid(flags)) return runGrid(flags, output)
  const paper = await import('@commonweal/bench/paper')
  const chosen = chooseSections(paper.PAPER_SECTIONS, flags.only)
  const options = { seed: flags.seed, dataFolder: flags.data ?? null }
  let doneCount = 0
  const showProgress = (): void =>
    output.status(`${doneCount} of ${chosen.length} sections measured …`)
  showProgress()
  const measured = await paper.measurePaper(chosen, options, {
    ...(flags.jobs === undefined ? {} : { jobCount: flags.jobs }),
    onMeasured({ section, rows }, seconds) {
      output.line(describeSection(section, rows, seconds))
      doneCount += 1
      showProgress()
    },
  })
  output.clearStatus()
  const rows = measured.flatMap((one) => one.rows)
  const counts = paper.countVerdicts(rows)
  output.lines(['', ...renderVerdicts(rows, counts, output.style)])
  if (flags.out !== undefined) {
    const page = await writePaper(flags.out, paper.createPaperReport(measured, flags.seed))
    output.lines(['', `The report: ${formatPath(page)}`])
  }
  output.json({ counts, rows })
  if (counts.off > 0) throw new CommandError(`${counts.off} of ${counts.all} figures are off`)
}

async function writePaper(
  folder: string,
  report: ReturnType<typeof import('@commonweal/bench/paper').createPaperReport>,
): Promise<string> {
  const { writeReport } = await import('@commonweal/bench/report')
  return writeReport(folder, report).catch((cause: unknown) => {
    throw new CommandError(`cannot write ${formatPath(folder)}`, { cause })
  })
}

function chooseSections(
  all: readonly PaperSection[],
  only: string | undefined,
): readonly PaperSection[] {
  if (only === undefined) return all
  const names = only.split(',').map((name) => name.trim())
  return names.map((name) => {
    const section = all.find((one) => one.name === name)
    if (section !== undefined) return section
    const accepted = all.map((one) => one.name).join(', ')
    throw new UsageError(`--only ${name}: accepted are ${accepted}`)
  })
}

function describeSection(
  { name, title }: PaperSection,
  rows: readonly VerdictRow[],
  seconds: number,
): string {
  const off = rows.filter(({ verdict }) => verdict === 'off').length
  const words =
    rows.length === 0 ? 'no figures to compare' : `${rows.length - off} of ${rows.length}`
  return `${name.padEnd(16)}${words.padEnd(24)}${seconds.toFixed(1).padStart(6)} s  ${title}`
}
