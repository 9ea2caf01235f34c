import { type Comparison, compareRuns, readFolder } from '@commonweal/bench/experiment'
import { withBenchErrors } from '../bench-error.ts'
import { formatPath } from '../invocation.ts'
import { createOutput } from '../output.ts'
import { renderComparison } from '../result/render-comparison.ts'
import { UsageError } from '../usage-error.ts'

export interface BenchCompareFlags {
  readonly metric?: string
  readonly json: boolean
}

/** Tests whether two experiments differ, run by run with the same seed. */
export async function runBenchCompare(
  folderA: string,
  folderB: string,
  flags: BenchCompareFlags,
): Promise<void> {
  const output = createOutput(flags)
  const comparison = await withBenchErrors(async () => {
    const [a, b] = [await readFolder(folderA), await readFolder(folderB)]
    return compareRuns(a.runs, b.runs, flags.metric ?? null)
  })
  requireTests(comparison, folderA, folderB, flags.metric)
  output.json({ kind: 'comparison', a: folderA, b: folderB, ...comparison })
  output.lines(renderComparison(comparison, output.style))
}

function requireTests(
  { pairCount, tests }: Comparison,
  folderA: string,
  folderB: string,
  metric: string | undefined,
): void {
  if (pairCount === 0) {
    const folders = `${formatPath(folderA)} and ${formatPath(folderB)}`
    throw new UsageError(`${folders} have no run of the same cell and seed`)
  }
  if (tests.length > 0) return
  throw new UsageError(`--metric ${metric}: no run of both has it; see the header of metrics.csv`)
}
