import type { CellValues } from '../experiment/experiment.ts'
import { findFidelity } from '../experiment/fidelity-named.ts'
import { parseExperiment } from '../experiment/parse-experiment.ts'
import { planRuns, type RunPlan } from '../experiment/run-plan.ts'
import type { RunResult } from '../experiment/run-result.ts'
import { bootstrapMean, type Interval } from '../statistics/bootstrap.ts'

/** What the runs of one cell of an experiment came to, by metric: values in the order of the seeds. */
export interface CellRuns {
  readonly cell: CellValues
  valuesOf(metric: string): readonly number[]
  /** Mean and 95 % bootstrap interval over runs. */
  intervalOf(metric: string): Interval
}

/**
 * Carries out an experiment file, here and now.
 *
 * Throws RangeError where a run fails or has no such metric: the published experiments have neither.
 */
export async function runExperiment(text: string, name: string): Promise<readonly CellRuns[]> {
  const cells = await runCells(planRuns(parseExperiment(text, name)))
  return [...cells].map(([cell, runs]): CellRuns => {
    const valuesOf = (metric: string): readonly number[] =>
      runs.map((run) => {
        if (run.status === 'failed') throw new RangeError(`${name}: ${run.reason}`)
        const value = run.metrics[metric]
        if (value === undefined || value === null) throw new RangeError(`${name}: no ${metric}`)
        return value
      })
    const intervalOf = (metric: string): Interval =>
      bootstrapMean(valuesOf(metric), `${name}/${JSON.stringify(cell)}/${metric}`)
    return { cell, valuesOf, intervalOf }
  })
}

/** What came of runs, by cell and in the order of their plans. */
export async function runCells(
  plans: readonly RunPlan[],
): Promise<ReadonlyMap<CellValues, readonly RunResult[]>> {
  const { signal } = new AbortController()
  const cells = new Map<CellValues, RunResult[]>()
  for (const plan of plans) {
    const runs = cells.get(plan.cell) ?? []
    runs.push(await findFidelity(plan.condition.fidelity).run(plan, signal))
    cells.set(plan.cell, runs)
  }
  return cells
}
