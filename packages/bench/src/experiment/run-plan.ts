import { digestOfJson } from './canonical-json.ts'
import type { CellValues, Condition, Design } from './experiment.ts'

/** One run: all that fixes it. */
export interface RunPlan {
  /** Digest of the condition and the seed: the same run has the same id in every experiment. */
  readonly id: string
  /** What the answers of models to this run are recorded under: the id, whatever they cost. */
  readonly tape: string
  /** Place in the order of the experiment, from 0. */
  readonly index: number
  readonly cell: CellValues
  readonly seed: string
  readonly condition: Condition
  /** Where paths begin of files that the condition names; no part of what the run is. */
  readonly folder?: string
}

/** Enough of a digest to tell a million runs apart. */
const ID_LENGTH = 32

/** The runs of an experiment in their fixed order: cell after cell, and in each the seeds as listed. */
export function planRuns({
  cells,
  seeds,
  folder,
}: Design & Pick<RunPlan, 'folder'>): readonly RunPlan[] {
  return cells.flatMap(({ values, condition }, cell) => {
    // Conditions of a network do not reach a run that has none.
    const { network, ...setting } = condition
    const fixed = condition.fidelity === 'rounds' ? setting : { ...setting, network }
    const idOf = idsOf(fixed)
    const tapeOf =
      condition.llm === null ? idOf : idsOf({ ...fixed, llm: { ...condition.llm, price: null } })
    return seeds.map((seed, place) => ({
      id: idOf(seed),
      tape: tapeOf(seed),
      index: cell * seeds.length + place,
      cell: values,
      seed,
      condition,
      ...(folder === undefined ? {} : { folder }),
    }))
  })
}

/** By seed. */
function idsOf(fixed: object): (seed: string) => string {
  const condition = digestOfJson(fixed)
  return (seed) => digestOfJson({ condition, seed }).slice(0, ID_LENGTH)
}

/** Digest of an experiment: what two folders must share to be parts of one. */
export function configDigestOf({ name, description, seeds, cells }: Design): string {
  return digestOfJson({ name, description, seeds, cells })
}
