import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type Experiment,
  firstSeeds,
  listBuiltIns,
  type Progress,
  parseExperiment,
  pinOwnFiles,
  type RunReport,
  runExperiment,
  type Shard,
} from '@commonweal/bench/experiment'
import { withBenchErrors } from '../bench-error.ts'
import { type BenchModelFlags, formatModelFlags, withModelFlags } from '../bench-model-options.ts'
import { onInterrupt } from '../interrupt.ts'
import { COMMAND, formatPath } from '../invocation.ts'
import { createOutput, type Output } from '../output.ts'
import { renderCells } from '../result/render-cells.ts'
import { DATA_FOLDER_DEFAULT } from '../run-folder.ts'
import { CommandError, InterruptedError, UsageError } from '../usage-error.ts'
import { confirmSpending } from './confirm-spending.ts'

export type ShardFlag = Shard

export interface BenchRunFlags extends BenchModelFlags {
  readonly out?: string
  readonly jobs?: number
  readonly shard?: Shard
  readonly seeds?: number
  readonly json: boolean
}

/** Runs an experiment, or a shard of one; Ctrl-C stops it so that it can be resumed. */
export async function runBenchRun(name: string, flags: BenchRunFlags): Promise<void> {
  const output = createOutput(flags)
  const report = await withBenchErrors(async () => {
    const experiment = withModelFlags(await readExperiment(name, flags.seeds), flags)
    const folder = flags.out ?? folderOf(experiment, flags.shard)
    const command = resumeCommand(name, folder, flags)
    const run = await carryOut({ experiment, folder, command }, flags, output)
    return { ...run, experiment, folder }
  })
  show(report, output)
}

/** What to run, and how to go on where it is stopped. */
interface Errand {
  readonly experiment: Experiment
  readonly folder: string
  readonly command: string
}

/**
 * Carries out an experiment to its end; Ctrl-C stops it so that it can be resumed.
 *
 * Errors  InterruptedError · CommandError: nothing is left to spend, or a key is refused; in both cases what is done is kept.
 */
export async function carryOut(
  { experiment, folder, command }: Errand,
  flags: BenchModelFlags & Pick<BenchRunFlags, 'jobs' | 'shard'>,
  output: Output,
): Promise<RunReport> {
  const shard = flags.shard ?? null
  await confirmSpending({ experiment, shard, isAgreed: flags.yes }, output)
  const stop = new AbortController()
  const stopListening = onInterrupt(() => stop.abort())
  try {
    const report = await runExperiment({
      experiment,
      folder,
      shard,
      isResumed: flags.resume,
      jobCount: flags.jobs ?? null,
      signal: stop.signal,
      onProgress: createProgress(output, experiment.name),
      environment: process.env,
    })
    if (report.cells !== null) return report
    output.clearStatus()
    output.warn(describeStop(report, command))
    if (report.halted !== null) throw new CommandError(report.halted)
    throw new InterruptedError()
  } finally {
    stopListening()
    output.clearStatus()
  }
}

/** A built-in experiment by its name, or a file. */
async function readExperiment(name: string, seedCount: number | undefined): Promise<Experiment> {
  const builtIns = listBuiltIns()
  const builtIn = builtIns.find((one) => one.name === name)
  const text = builtIn?.text ?? (await readFile(name, 'utf8').catch(() => undefined))
  if (text === undefined) {
    const accepted = builtIns.map((one) => one.name).join(', ')
    throw new UsageError(`no file ${formatPath(name)}; accepted: a YAML file, or ${accepted}`)
  }
  const path = builtIn?.path ?? name
  const experiment = await pinOwnFiles(parseExperiment(text, formatPath(path)), dirname(path))
  return seedCount === undefined ? experiment : { ...experiment, seeds: firstSeeds(seedCount) }
}

function folderOf({ name }: Experiment, shard: Shard | undefined): string {
  const part = shard === undefined ? '' : `-${shard.index}-of-${shard.count}`
  return join(DATA_FOLDER_DEFAULT, 'bench', `${name}${part}`)
}

const PLAIN_EVERY_MS = 10_000

/** A status line on a terminal, now and then a line on standard error elsewhere. */
function createProgress(output: Output, name: string): (progress: Progress) => void {
  let nextAtMs = performance.now() + PLAIN_EVERY_MS
  return (progress) => {
    const text = `${name}: ${describeProgress(progress)}`
    output.status(text)
    if (output.isTerminal || performance.now() < nextAtMs) return
    nextAtMs = performance.now() + PLAIN_EVERY_MS
    output.warn(text)
  }
}

/** "12 of 60 runs, 1 failed, 2 min left". */
export function describeProgress({ doneCount, failedCount, runCount, leftMs }: Progress): string {
  const failed = failedCount === 0 ? '' : `, ${failedCount} failed`
  const left = leftMs === null ? '' : `, ${formatDuration(leftMs)} left`
  return `${doneCount} of ${runCount} runs${failed}${left}`
}

function formatDuration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`
}

function describeStop({ doneCount, runCount }: RunReport, command: string): string {
  return `Stopped after ${doneCount} of ${runCount} runs; they are kept. Go on with:\n  ${command}`
}

function resumeCommand(name: string, folder: string, flags: BenchRunFlags): string {
  const { jobs, shard, seeds } = flags
  const parts = [COMMAND, 'bench run', formatPath(name), '--out', formatPath(folder)]
  if (shard !== undefined) parts.push(`--shard ${shard.index}/${shard.count}`)
  if (jobs !== undefined) parts.push(`--jobs ${jobs}`)
  if (seeds !== undefined) parts.push(`--seeds ${seeds}`)
  return [...parts, ...formatModelFlags(flags), '--resume'].join(' ')
}

interface Shown extends RunReport {
  readonly experiment: Experiment
  readonly folder: string
}

function show({ experiment, folder, cells, runCount, failedCount }: Shown, output: Output): void {
  output.json({ kind: 'result', name: experiment.name, folder, runCount, failedCount, cells })
  output.lines(renderCells(experiment, cells ?? [], output.style))
  output.lines(['', `${runCount} runs, ${failedCount} failed. Results: ${formatPath(folder)}`])
}
