import type { CellValues } from '../experiment/experiment.ts'
import { parseExperiment } from '../experiment/parse-experiment.ts'
import { rounds } from '../experiment/rounds/rounds.ts'
import { planRuns } from '../experiment/run-plan.ts'
import { bootstrapMean, type Interval } from '../statistics/bootstrap.ts'

/** What the runs of one cell of an experiment came to, by metric: values in the order of the seeds. */
export interface CellRuns {
  readonly cell: CellValues
  valuesOf(metric: string): readonly number[]
  /** Mean and 95 % bootstrap interval over runs. */
  intervalOf(metric: string): Interval
}

/**
 * Carries out an experiment file by rounds, here and now.
 *
 * Throws RangeError where a run fails or has no such metric: the published experiments have neither.
 */
export async function runExperiment(text: string, name: string): Promise<readonly CellRuns[]> {
  const signal = new AbortController().signal
  const cells = new Map<CellValues, Readonly<Record<string, number | null>>[]>()
  for (const plan of planRuns(parseExperiment(text, name))) {
    const result = await rounds.run(plan, signal)
    if (result.status === 'failed') throw new RangeError(`${name}: ${result.reason}`)
    const runs = cells.get(plan.cell) ?? []
    runs.push(result.metrics)
    cells.set(plan.cell, runs)
  }
  return [...cells].map(([cell, runs]): CellRuns => {
    const valuesOf = (metric: string): readonly number[] =>
      runs.map((metrics) => {
        const value = metrics[metric]
        if (value === undefined || value === null) throw new RangeError(`${name}: no ${metric}`)
        return value
      })
    const intervalOf = (metric: string): Interval =>
      bootstrapMean(valuesOf(metric), `${name}/${JSON.stringify(cell)}/${metric}`)
    return { cell, valuesOf, intervalOf }
  })
}
