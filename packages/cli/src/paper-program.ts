import type { Command } from 'commander'
import { addModelOptions } from './bench-model-options.ts'
import { runBenchPaper } from './commands/bench-paper.ts'
import { parseNote, parsePriceTexts, parseWeight } from './commands/bench-paper-models.ts'
import { runBenchReport } from './commands/bench-report.ts'
import { countParser } from './experiment-options.ts'
import { COMMAND } from './invocation.ts'
import { parseModelNames } from './model-options.ts'

/** `commonweal bench paper` and `bench report`: published figures, and what people read of an experiment. */
export function addPaper(bench: Command): void {
  const paper = bench
    .command('paper')
    .description('measure the published figures again, and say which come out as published')
    .option('--out <folder>', 'write a report: report.html, report.md, tables, figures')
    .option('--only <names>', 'only these sections, by name, separated by commas')
    .option('--data <folder>', 'also measure on the public data sets in this folder')
    .option('--jobs <count>', 'parts at the same time (default: one a core)', countParser(1, 1_024))
    .option('--seed <text>', 'of everything that is drawn', 'paper')
    .option(
      '--model <names>',
      'instead of all that: run the grid of language models with these models',
      parseModelNames,
    )
    .option(
      '--seeds <count>',
      'of the grid: seeds of each setting (default: 10)',
      countParser(1, 1_000),
    )
    .option('--prosociality <λ>', 'of the grid: weight of those who care (default: 1)', parseWeight)
    .option(
      '--price <read/written>',
      'dollars for a million tokens, by model: 0.25/2',
      parsePriceTexts,
    )
    .option('--note <text>', 'of a recording: whose answers these are, for its reports', parseNote)
    .option('--resume', 'go on with a grid that was stopped', false)
  addModelOptions(paper)
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
No model and no network is needed, unless --model names one. Exit code 1 if a figure is off.

Examples:
  ${COMMAND} bench paper --out paper          all of it, with a report
  ${COMMAND} bench paper --only games,search  two sections
  ${COMMAND} bench paper --model gpt-5-mini --price 0.25/2 --max-cost 20 --record grid.jsonl --out models
  ${COMMAND} bench paper --replay grid.jsonl --out again`
