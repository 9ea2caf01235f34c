import { mergeFolders } from '@commonweal/bench/experiment'
import { withBenchErrors } from '../bench-error.ts'
import { formatPath } from '../invocation.ts'
import { createOutput } from '../output.ts'
import { renderCells } from '../result/render-cells.ts'

export interface BenchMergeFlags {
  readonly out: string
  readonly json: boolean
}

/** Joins shards into the folder that one process would have made. */
export async function runBenchMerge(
  folders: readonly string[],
  { out, ...flags }: BenchMergeFlags,
): Promise<void> {
  const output = createOutput(flags)
  const { experiment, runCount, cells } = await withBenchErrors(() => mergeFolders(folders, out))
  output.json({ kind: 'result', name: experiment.name, folder: out, runCount, cells })
  output.lines(renderCells(experiment, cells, output.style))
  output.lines(['', `${runCount} runs of ${folders.length} folders. Results: ${formatPath(out)}`])
}
