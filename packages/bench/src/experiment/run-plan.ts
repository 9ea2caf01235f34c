import { digestOfJson } from './canonical-json.ts'
import type { CellValues, Condition, Experiment } from './experiment.ts'

/** One run: all that fixes it. */
export interface RunPlan {
  /** Digest of the condition and the seed: the same run has the same id in every experiment. */
  readonly id: string
  /** Place in the order of the experiment, from 0. */
  readonly index: number
  readonly cell: CellValues
  readonly seed: string
  readonly condition: Condition
}

/** Enough of a digest to tell a million runs apart. */
const ID_LENGTH = 32

/** The runs of an experiment in their fixed order: cell after cell, and in each the seeds as listed. */
export function planRuns({ cells, seeds }: Experiment): readonly RunPlan[] {
  return cells.flatMap(({ values, condition }, cell) => {
    // Conditions of a network do not reach a run that has none.
    const { network, ...setting } = condition
    const fixed = condition.fidelity === 'rounds' ? setting : { ...setting, network }
    const fixedDigest = digestOfJson(fixed)
    return seeds.map((seed, place) => ({
      id: digestOfJson({ condition: fixedDigest, seed }).slice(0, ID_LENGTH),
      index: cell * seeds.length + place,
      cell: values,
      seed,
      condition,
    }))
  })
}

/** Digest of an experiment: what two folders must share to be parts of one. */
export function configDigestOf(experiment: Experiment): string {
  return digestOfJson(experiment)
}
