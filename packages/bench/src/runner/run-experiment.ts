import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Experiment } from '../experiment/experiment.ts'
import { ExperimentError } from '../experiment/experiment-error.ts'
import { usesModels } from '../experiment/llm/check-models.ts'
import { planRuns, type RunPlan } from '../experiment/run-plan.ts'
import { runInWorkers } from '../worker-pool.ts'
import { finishFolder } from './finish.ts'
import { createManifest, isInShard, readManifest, type Shard, writeManifest } from './manifest.ts'
import { checkModelAccess } from './model-access.ts'
import { runAsking, SPENDING } from './run-asking.ts'
import { RUN_LOG, RunReader, RunWriter } from './run-log.ts'
import { formatRun } from './stored-run.ts'
import type { CellSummary } from './tables.ts'
import type { WorkerAnswer } from './worker-answer.ts'

export interface RunOptions {
  readonly experiment: Experiment
  /** Where the results go; made where it is not there. */
  readonly folder: string
  /** The part to run; null for all. */
  readonly shard: Shard | null
  /** Whether to go on where an earlier process stopped. */
  readonly isResumed: boolean
  /** Processes at work at the same time; null for one a core. */
  readonly jobCount: number | null
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
  /** Where the servers and keys of models are looked for. [{}] */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

export interface Progress {
  readonly doneCount: number
  readonly failedCount: number
  readonly runCount: number
  /** From how long runs have taken so far; null before the first. */
  readonly leftMs: number | null
}

/** What there is when the command ends. */
export interface RunReport {
  readonly doneCount: number
  readonly failedCount: number
  readonly runCount: number
  /** What all runs say, in the order of the experiment; null where some are left to do. */
  readonly cells: readonly CellSummary[] | null
  /** What ended it early besides the signal, in a sentence: nothing is left to spend, a key is refused. */
  readonly halted: string | null
}

/**
 * Carries out an experiment, or a shard of one, on all cores, and writes its folder.
 *
 * A run that is over is on disk. Stopped at any time and resumed, or spread in any way, it makes the same folder.
 * Errors  ExperimentError: the folder holds something else · WorkerError, RunError: a defect.
 */
export async function runExperiment(options: RunOptions): Promise<RunReport> {
  const { experiment, folder, shard, signal } = options
  const plans = planRuns(experiment).filter((plan) => isInShard(plan, shard))
  checkModelAccess(experiment, plans, options.environment ?? {})
  const log = join(folder, RUN_LOG)
  const tally = new Tally(plans.length, options.onProgress)
  const finishedIds = await openFolder(options, log, tally)
  const left = plans.filter(({ id }) => !finishedIds.has(id))
  tally.start()
  const writer = new RunWriter(log)
  let halted: string | null
  try {
    halted = await runAll(left, options, (plan, answer) => {
      if (answer.kind === 'threw') throw new RunError(plan, answer.sentence)
      writer.append(formatRun(plan, answer.result))
      tally.add(answer.result.status)
    })
  } finally {
    writer.close()
  }
  const isCut = signal.aborted || halted !== null
  const cells = isCut ? null : await finish(options, log, plans)
  return { ...tally.counts, cells, halted }
}

/** A run met a defect of ours: no result, and nothing to retry. */
export class RunError extends Error {
  override readonly name = 'RunError'

  constructor({ index, seed, cell }: RunPlan, sentence: string) {
    super(`run ${index} (seed ${seed}, ${JSON.stringify(cell)}): ${sentence}`)
  }
}

/** Result  the runs that are there already. */
async function openFolder(
  { experiment, folder, shard, isResumed }: RunOptions,
  log: string,
  tally: Tally,
): Promise<ReadonlySet<string>> {
  await mkdir(folder, { recursive: true })
  const manifest = createManifest(experiment, shard)
  const known = await readManifest(folder)
  if (known === undefined) {
    await requireEmpty(folder)
    await writeFile(log, '')
    await writeManifest(folder, manifest)
    return new Set()
  }
  if (known.configDigest !== manifest.configDigest) {
    const sentence = `holds another experiment (${known.experiment.name}, digest ${known.configDigest.slice(0, 12)}; this is ${experiment.name}, ${manifest.configDigest.slice(0, 12)}); choose another folder`
    throw new ExperimentError(folder, null, sentence)
  }
  if (nameShard(known.shard) !== nameShard(shard)) {
    const sentence = `holds ${nameShard(known.shard)} and not ${nameShard(shard)}; choose another folder`
    throw new ExperimentError(folder, null, sentence)
  }
  const reader = await RunReader.open(log)
  try {
    if (!isResumed && reader.ids.size > 0) {
      const sentence = `holds ${reader.ids.size} runs of this experiment already; resume it, or choose another folder`
      throw new ExperimentError(folder, null, sentence)
    }
    // What a process was writing when it was killed.
    await truncate(log, reader.end)
    for (const id of reader.ids) tally.count((await reader.runOf(id))?.status ?? 'done')
    return reader.ids
  } finally {
    await reader.close()
  }
}

async function requireEmpty(folder: string): Promise<void> {
  // A process that was killed before it had written its manifest leaves an empty log.
  const entries = (await readdir(folder)).filter((name) => !LEFTOVERS.includes(name))
  if (entries.length === 0) return
  throw new ExperimentError(folder, null, 'is not empty and holds no experiment')
}

const LEFTOVERS = [RUN_LOG, 'manifest.json.part']

export function nameShard(shard: Shard | null): string {
  return shard === null ? 'a whole experiment' : `shard ${shard.index}/${shard.count}`
}

type OnAnswer = (plan: RunPlan, answer: WorkerAnswer) => void

/** Runs that ask models wait for servers, not for cores, and share a budget and a cassette: they are all in this process. */
async function runAll(
  plans: readonly RunPlan[],
  options: RunOptions,
  onAnswer: OnAnswer,
): Promise<string | null> {
  const [asking, closed] = [true, false].map((asks) =>
    plans.filter(({ condition }) => usesModels(condition) === asks),
  )
  await runClosed(closed ?? [], options, onAnswer)
  return runAsking(asking ?? [], options, onAnswer)
}

async function runClosed(
  plans: readonly RunPlan[],
  { jobCount, signal }: RunOptions,
  onAnswer: OnAnswer,
): Promise<void> {
  const isSource = import.meta.url.endsWith('.ts')
  const module = fileURLToPath(new URL(isSource ? './worker.ts' : './worker.js', import.meta.url))
  // A run of real processes has the machine to itself, and must end them and remove its files.
  const isNet = plans.some(({ condition }) => condition.fidelity === 'net')
  await runInWorkers<RunPlan, WorkerAnswer>(
    plans,
    {
      module,
      execArgv: [
        ...(isSource ? ['--conditions=source'] : []),
        '--disable-warning=ExperimentalWarning',
      ],
      jobCount: Math.min(plans.length, isNet ? 1 : (jobCount ?? availableParallelism())),
      signal,
      isCleanedUp: isNet,
      describe: ({ index, seed }) => `run ${index}, seed ${seed}`,
    },
    (answer, plan) => {
      onAnswer(plan, answer)
      return true
    },
  )
}

async function finish(
  { experiment, folder, shard }: RunOptions,
  log: string,
  plans: readonly RunPlan[],
): Promise<readonly CellSummary[]> {
  const reader = await RunReader.open(log)
  try {
    const { cells, cassetteDigest } = await finishFolder(folder, plans, [reader])
    await writeManifest(folder, createManifest(experiment, shard, cassetteDigest))
    await rm(join(folder, SPENDING), { force: true })
    return cells
  } finally {
    await reader.close()
  }
}

/** How far an experiment is. */
class Tally {
  readonly #runCount: number
  readonly #onProgress: RunOptions['onProgress']
  #doneCount = 0
  #failedCount = 0
  #startedAtMs = 0
  #startCount = 0

  constructor(runCount: number, onProgress: RunOptions['onProgress']) {
    this.#runCount = runCount
    this.#onProgress = onProgress
  }

  get counts(): Omit<RunReport, 'cells' | 'halted'> {
    const [doneCount, failedCount] = [this.#doneCount, this.#failedCount]
    return { doneCount, failedCount, runCount: this.#runCount }
  }

  /** Runs from now on are timed. */
  start(): void {
    this.#startedAtMs = performance.now()
    this.#startCount = this.#doneCount
    this.#onProgress({ ...this.counts, leftMs: null })
  }

  /** A run of an earlier process. */
  count(status: 'done' | 'failed'): void {
    this.#doneCount += 1
    if (status === 'failed') this.#failedCount += 1
  }

  add(status: 'done' | 'failed'): void {
    this.count(status)
    const perRunMs = (performance.now() - this.#startedAtMs) / (this.#doneCount - this.#startCount)
    const leftMs = perRunMs * (this.#runCount - this.#doneCount)
    this.#onProgress({ ...this.counts, leftMs })
  }
}
