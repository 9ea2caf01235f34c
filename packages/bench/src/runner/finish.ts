import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { digestOfJson } from '../experiment/canonical-json.ts'
import type { RunPlan } from '../experiment/run-plan.ts'
import { writeWhole } from './manifest.ts'
import { RUN_LOG, type RunReader } from './run-log.ts'
import { parseRun, type StoredRun } from './stored-run.ts'
import {
  aggregateCsv,
  type CellSummary,
  metricsCsv,
  type ScoredRun,
  summariseCells,
} from './tables.ts'

const EVENTS = 'events.jsonl'
const METRICS = 'metrics.csv'
const AGGREGATE = 'aggregate.csv'

/**
 * Writes what is made from all runs, in the order of the experiment, and puts the log in that order: however the runs came
 * about, the folder is the same byte for byte.
 *
 * @param readers hold every run between them.
 */
export async function finishFolder(
  folder: string,
  plans: readonly RunPlan[],
  readers: readonly RunReader[],
): Promise<Finished> {
  const log = new LineFile(join(folder, RUN_LOG))
  const events = new LineFile(join(folder, EVENTS))
  const scored: ScoredRun[] = []
  for (const plan of plans) {
    const line = await findLine(readers, plan.id)
    const run = line === undefined ? undefined : parseRun(line)
    if (line === undefined || run === undefined) throw new RangeError(`run ${plan.id} is missing`)
    await log.write(line)
    for (const event of run.events) {
      await events.write(JSON.stringify({ run: plan.id, seed: plan.seed, ...event }))
    }
    scored.push({ plan, run: withoutEvents(run) })
  }
  await events.end()
  const cells = summariseCells(scored)
  await writeWhole(join(folder, METRICS), metricsCsv(scored))
  await writeWhole(join(folder, AGGREGATE), aggregateCsv(cells))
  await log.end()
  return { cells, cassetteDigest: digestOfAnswers(scored) }
}

/** What all runs came to. */
interface Finished {
  readonly cells: readonly CellSummary[]
  /** Of all that models answered; null where none was asked. */
  readonly cassetteDigest: string | null
}

function digestOfAnswers(runs: readonly ScoredRun[]): string | null {
  const digests = runs.flatMap(({ run: { asked } }) =>
    asked === undefined ? [] : [asked.answersDigest],
  )
  return digests.length === 0 ? null : digestOfJson(digests)
}

async function findLine(readers: readonly RunReader[], id: string): Promise<string | undefined> {
  for (const reader of readers) {
    const line = await reader.lineOf(id)
    if (line !== undefined) return line
  }
  return undefined
}

function withoutEvents(run: StoredRun): StoredRun {
  return { ...run, events: [] }
}

/** A file of lines that takes its name when it is whole. */
class LineFile {
  readonly #path: string
  readonly #stream: WriteStream

  constructor(path: string) {
    this.#path = path
    this.#stream = createWriteStream(`${path}.part`)
  }

  async write(line: string): Promise<void> {
    if (!this.#stream.write(`${line}\n`)) await once(this.#stream, 'drain')
  }

  async end(): Promise<void> {
    this.#stream.end()
    await finished(this.#stream)
    await rename(`${this.#path}.part`, this.#path)
  }
}
