import type { Command } from 'commander'
import { runBenchPaper } from './commands/bench-paper.ts'
import { runBenchReport } from './commands/bench-report.ts'
import { countParser } from './experiment-options.ts'
import { COMMAND } from './invocation.ts'

/** `commonweal bench paper` and `bench report`: published figures, and what people read of an experiment. */
export function addPaper(bench: Command): void {
  bench
    .command('paper')
    .description('measure the published figures again, and say which come out as published')
    .option('--out <folder>', 'write a report: report.html, report.md, tables, figures')
    .option('--only <names>', 'only these sections, by name, separated by commas')
    .option('--data <folder>', 'also measure on the public data sets in this folder')
    .option('--jobs <count>', 'parts at the same time (default: one a core)', countParser(1, 1_024))
    .option('--seed <text>', 'of everything that is drawn', 'paper')
    .option('--json', 'print JSON', false)
    .addHelpText('after', PAPER_HELP)
    .action((flags) => runBenchPaper(flags))
  bench
    .command('report')
    .description("make a report of an experiment from its folder's tables")
    .argument('<folder>', 'holds metrics.csv and aggregate.csv')
    .option('--out <folder>', 'write it there (default: the same folder)')
    .option('--json', 'print JSON', false)
    .action((folder, flags) => runBenchReport(folder, flags))
}

const PAPER_HELP = `
No model and no network is needed. Exit code 1 if a figure is off.

Examples:
  ${COMMAND} bench paper --out paper          all of it, with a report
  ${COMMAND} bench paper --only games,search  two sections`
