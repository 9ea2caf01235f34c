import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cassette, formatHeading, type ModelFailure } from '@commonweal/node/agent'
import { ExperimentError } from '../experiment/experiment-error.ts'
import { Budget, toMicroUsd } from '../experiment/llm/budget.ts'
import type { CassetteSettings } from '../experiment/llm/llm-settings.ts'
import { Models } from '../experiment/llm/models.ts'
import type { RunPlan } from '../experiment/run-plan.ts'
import type { RunOptions } from './run-experiment.ts'
import { answerPlan, type WorkerAnswer } from './worker-answer.ts'

/** What calls have cost so far; there only while runs are left to do. */
export const SPENDING = 'spending.log'

/** Runs that ask models at the same time, unless it is said: servers refuse who asks too much at once. */
const JOB_COUNT_DEFAULT = 4

/**
 * Carries out runs that ask models, several at a time.
 *
 * Result  null where all are done or the signal has ended it; else why no further run was begun.
 */
export async function runAsking(
  plans: readonly RunPlan[],
  options: RunOptions,
  onAnswer: (plan: RunPlan, answer: WorkerAnswer) => void,
): Promise<string | null> {
  if (plans.length === 0) return null
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  let halted: string | null = null
  const models = createModels(options, signal, ({ code, message }) => {
    halted ??= `${code === 'cancelled' ? 'over-budget' : code}: ${message}`
    stop.abort()
  })
  const queue = plans.values()
  const work = async (): Promise<void> => {
    for (const plan of queue) {
      const answer = await answerPlan(plan, signal, models)
      // A run that was cut off says nothing.
      if (signal.aborted) return
      onAnswer(plan, answer)
    }
  }
  const jobCount = Math.min(plans.length, options.jobCount ?? JOB_COUNT_DEFAULT)
  try {
    await Promise.all(Array.from({ length: jobCount }, work))
  } finally {
    stop.abort()
  }
  return halted
}

function createModels(
  { experiment, folder, shard, environment = {}, isResumed }: RunOptions,
  signal: AbortSignal,
  onHalt: (failure: ModelFailure) => void,
): Models {
  const { maxCost } = experiment
  const cassette = openCassette(experiment.cassette, isResumed)
  const limit = maxCost === null ? null : toMicroUsd(maxCost) / BigInt(shard?.count ?? 1)
  const purse = limit === null ? null : new Budget(limit, join(folder, SPENDING), onHalt)
  return new Models({ environment, cassette, purse, signal, onHalt })
}

/**
 * A recording that goes on asks for nothing that it has.
 *
 * Errors  ExperimentError: a recording would begin in a file that is there · ConfigError: the file is no cassette.
 */
function openCassette(settings: CassetteSettings | null, isResumed: boolean): Cassette | null {
  if (settings === null) return null
  const { file, mode, about } = settings
  if (mode === 'record' && !isResumed && existsSync(file)) {
    const sentence =
      'is there already; accepted: another file, or the mode replay, which adds to it'
    throw new ExperimentError(file, null, sentence)
  }
  if (mode !== 'replay-only') dropCutLine(file)
  if (about !== undefined && !existsSync(file)) writeFileSync(file, formatHeading(about))
  return new Cassette(file, mode === 'record' && isResumed ? 'replay' : mode)
}

/** How every line of a cassette begins. */
const LINE_START = '{"digest":"'

/** Drops what a process was writing when it was killed, and nothing of a file that is none of ours. */
function dropCutLine(file: string): void {
  if (!existsSync(file)) return
  const bytes = readFileSync(file)
  const end = bytes.lastIndexOf('\n') + 1
  const cut = bytes.toString('utf8', end, end + LINE_START.length)
  if (cut !== '' && LINE_START.startsWith(cut)) truncateSync(file, end)
}
