import { join } from 'node:path'
import type { Design } from '../experiment/experiment.ts'
import { ExperimentError } from '../experiment/experiment-error.ts'
import { planRuns } from '../experiment/run-plan.ts'
import { readManifest } from './manifest.ts'
import { RUN_LOG, RunReader } from './run-log.ts'
import type { ScoredRun } from './tables.ts'

/** The results of an experiment, as far as they are there. */
export interface ExperimentResults {
  readonly experiment: Design
  /** In the order of the experiment; without their events. */
  readonly runs: readonly ScoredRun[]
}

/** Errors  ExperimentError: the folder holds no experiment. */
export async function readFolder(folder: string): Promise<ExperimentResults> {
  const manifest = await readManifest(folder)
  if (manifest === undefined) {
    throw new ExperimentError(folder, null, 'holds no experiment: there is no manifest.json')
  }
  const { experiment } = manifest
  const reader = await RunReader.open(join(folder, RUN_LOG))
  try {
    const runs: ScoredRun[] = []
    for (const plan of planRuns(experiment)) {
      const run = await reader.runOf(plan.id)
      if (run !== undefined) runs.push({ plan, run: { ...run, events: [] } })
    }
    return { experiment, runs }
  } finally {
    await reader.close()
  }
}
