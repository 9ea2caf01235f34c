import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { formatPath } from '../invocation.ts'
import { createOutput, type Output } from '../output.ts'
import { CommandError, UsageError } from '../usage-error.ts'

export interface BenchReportFlags {
  readonly out?: string
  readonly json: boolean
}

/** Makes a report of an experiment from the tables in its folder. */
export async function runBenchReport(
  folder: string,
  flags: BenchReportFlags,
  output: Output = createOutput(flags),
): Promise<void> {
  const { createExperimentReport, writeReport } = await import('@commonweal/bench/report')
  const [aggregate, metrics] = await Promise.all(
    ['aggregate.csv', 'metrics.csv'].map((name) => readTable(folder, name)),
  )
  if (aggregate === undefined || metrics === undefined) return
  const out = flags.out ?? folder
  const report = readReport(() =>
    createExperimentReport({ name: basename(resolve(folder)), aggregate, metrics }),
  )
  const page = await writeReport(out, report).catch((cause: unknown) => {
    throw new CommandError(`cannot write ${formatPath(out)}`, { cause })
  })
  output.json({ page })
  output.line(`The report: ${formatPath(page)}`)
}

async function readTable(folder: string, name: string): Promise<string> {
  const path = join(folder, name)
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`no ${formatPath(path)}: it is what bench run writes`, { cause })
  })
}

function readReport<T>(create: () => T): T {
  try {
    return create()
  } catch (cause) {
    if (cause instanceof RangeError) throw new UsageError(cause.message, { cause })
    throw cause
  }
}
