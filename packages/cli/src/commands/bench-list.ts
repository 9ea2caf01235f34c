import { listBuiltIns, parseExperiment } from '@commonweal/bench/experiment'
import { createOutput } from '../output.ts'
import { wrap } from '../table.ts'

/** Lists the experiments that come with the command. */
export function runBenchList(flags: { readonly json: boolean }): void {
  const output = createOutput(flags)
  const found = listBuiltIns().map(({ name, path, text }) => {
    const { description, cells, seeds } = parseExperiment(text, path)
    return { name, description, cells: cells.length, seeds: seeds.length, path }
  })
  output.json(found)
  for (const { name, description, cells, seeds } of found) {
    const size = `${cells} cells × ${seeds} seeds`
    output.line(`${output.style.bold(name)}  ${output.style.dim(size)}`)
    for (const line of wrap(description, Math.min(output.width, 100) - 2)) output.line(`  ${line}`)
  }
}
