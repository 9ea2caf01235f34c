import { existsSync } from 'node:fs'
import type { Experiment, JsonValue } from '@commonweal/bench/experiment'
import type { Command } from 'commander'
import { formatPath } from './invocation.ts'
import { chooseCassette, parseDollars } from './model-options.ts'
import { UsageError } from './usage-error.ts'

/** The flags about language models of commands that carry out experiments. */
export interface BenchModelFlags {
  readonly record?: string
  readonly replay?: string
  /** Millionths of a dollar. */
  readonly maxCost?: bigint
  readonly yes: boolean
  readonly resume: boolean
}

export function addModelOptions(command: Command): Command {
  return command
    .option('--record <file>', 'keep every answer of language models in this file')
    .option('--replay <file>', 'take the answers from this file; no server is asked')
    .option(
      '--max-cost <dollars>',
      'most that language models may cost, all runs together',
      parseDollars,
    )
    .option('--yes', 'ask models without being asked back what it may cost', false)
}

/**
 * An experiment with what the flags say of its cassette and its limit.
 *
 * @param about what a recording that is begun says of itself.
 * Errors  UsageError
 */
export function withModelFlags(
  experiment: Experiment,
  flags: BenchModelFlags,
  about?: JsonValue,
): Experiment {
  const { record, replay, resume, maxCost } = flags
  const asksModels = experiment.cells.some(({ condition }) => condition.llm !== null)
  const given = { '--record': record, '--replay': replay, '--max-cost': maxCost }
  const [flag] = Object.entries(given).find(([, value]) => value !== undefined) ?? []
  if (flag !== undefined && !asksModels) {
    throw new UsageError(`${flag} needs an experiment with the policy llm`)
  }
  // A recording that goes on is there already, and is not asked again.
  const isGoingOn = resume && record !== undefined && existsSync(record)
  const chosen = chooseCassette(isGoingOn ? { record, replay: record } : flags)
  const heading = about === undefined ? {} : { about }
  return {
    ...experiment,
    ...(chosen === null ? {} : { cassette: { file: chosen.path, mode: chosen.mode, ...heading } }),
    ...(maxCost === undefined ? {} : { maxCost: Number(maxCost) / 1_000_000 }),
  }
}

/** The same flags again, for a command that goes on. */
export function formatModelFlags({
  record,
  replay,
  maxCost,
  yes,
}: BenchModelFlags): readonly string[] {
  return [
    ...(record === undefined ? [] : [`--record ${formatPath(record)}`]),
    ...(replay === undefined ? [] : [`--replay ${formatPath(replay)}`]),
    ...(maxCost === undefined ? [] : [`--max-cost ${Number(maxCost) / 1_000_000}`]),
    ...(yes ? ['--yes'] : []),
  ]
}
