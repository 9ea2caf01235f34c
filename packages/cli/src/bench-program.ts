import { type Command, InvalidArgumentError } from 'commander'
import { addModelOptions } from './bench-model-options.ts'
import { runBenchCompare } from './commands/bench-compare.ts'
import { runBenchList } from './commands/bench-list.ts'
import { runBenchMerge } from './commands/bench-merge.ts'
import { runBenchRun, type ShardFlag } from './commands/bench-run.ts'
import { countParser } from './experiment-options.ts'
import { COMMAND } from './invocation.ts'
import { addPaper } from './paper-program.ts'

const JOB_COUNT_MAX = 1_024
const SHARD_COUNT_MAX = 100_000

/** `commonweal bench …`: experiments, from a file to figures. */
export function addBench(program: Command): void {
  const bench = program
    .command('bench')
    .description('measure how well agents coordinate: run experiments, compare them')
    .addHelpText('after', BENCH_EXAMPLES)
  bench
    .command('list')
    .description('list the experiments that come with the command')
    .option('--json', 'print JSON', false)
    .action(runBenchList)
  addRun(bench)
  addPaper(bench)
  bench
    .command('merge')
    .description('join the folders of shards into one')
    .argument('<folders...>', 'folders that bench run --shard has written')
    .requiredOption('--out <folder>', 'where the whole goes')
    .option('--json', 'print JSON', false)
    .action(runBenchMerge)
  bench
    .command('compare')
    .description('test whether two experiments differ, run by run with the same seed')
    .argument('<a>', 'folder of one')
    .argument('<b>', 'folder of the other')
    .option('--metric <name>', 'the one to test: R, welfare, … (default: all)')
    .option('--json', 'print JSON', false)
    .addHelpText('after', COMPARE_HELP)
    .action(runBenchCompare)
}

function addRun(bench: Command): void {
  const run = bench
    .command('run')
    .description('run an experiment and write its results into a folder')
    .argument('<experiment>', 'a YAML file, or the name of a built-in experiment')
    .option('--out <folder>', 'where the results go (default: .commonweal/bench/<name>)')
    .option(
      '--jobs <count>',
      'runs at the same time (default: one a core)',
      countParser(1, JOB_COUNT_MAX),
    )
    .option('--shard <i/n>', 'only every n-th run, from the i-th on: 3/16', parseShard)
    .option('--resume', 'go on with a folder where an earlier run stopped', false)
    .option('--seeds <count>', 'seeds, instead of those of the file', countParser(1, 100_000))
  addModelOptions(run)
    .option('--json', 'print JSON, when all is done', false)
    .addHelpText('after', RUN_EXAMPLES)
    .action(runBenchRun)
}

/** `3/16`: the third of sixteen, both counted from 1. */
export function parseShard(text: string): ShardFlag {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []
  const shard = { index: Number(index), count: Number(count) }
  const isShard = shard.index >= 1 && shard.index <= shard.count && shard.count <= SHARD_COUNT_MAX
  if (isShard) return shard
  throw new InvalidArgumentError('Accepted: which part of how many, from 1: 3/16.')
}

const BENCH_EXAMPLES = `
Examples:
  ${COMMAND} bench list
  ${COMMAND} bench run dose-response --seeds 3
  ${COMMAND} bench run my-experiment.yaml --out results`

const RUN_EXAMPLES = `
The folder holds manifest.json, runs.jsonl, events.jsonl, metrics.csv (a row per run) and aggregate.csv (mean and 95 % interval).
The same file and seeds give the same folder byte for byte: with any --jobs, stopped and resumed, or in shards that are merged.

Examples:
  ${COMMAND} bench run dose-response
  ${COMMAND} bench run my-experiment.yaml --out results --jobs 8
  ${COMMAND} bench run my-experiment.yaml --out results --resume
  ${COMMAND} bench run my-experiment.yaml --out part-3 --shard 3/16`

const COMPARE_HELP = `
Runs are paired by what the sweep has set and by seed. Every metric of every cell is tested by a paired permutation test; p (Holm)
is corrected for all tests made. Failed runs are left out and counted.

Example:
  ${COMMAND} bench compare results-before results-after --metric R`
