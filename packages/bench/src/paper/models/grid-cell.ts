import type { ScoredRun } from '../../runner/tables.ts'
import { valueOf } from '../../runner/tables.ts'
import { bootstrapMean, type Interval } from '../../statistics/bootstrap.ts'
import { SEAT_COUNT } from '../play-commons.ts'
import { AXES } from './grid.ts'

export const REGENERATIONS = ['deterministic', 'iid'] as const
export const CONTRACTS = ['none', 'text', 'law'] as const
export const COUNTS: readonly number[] = Array.from({ length: SEAT_COUNT + 1 }, (_, count) => count)
/** Metrics of a cell, in the order of the tables. */
export const METRICS = ['m', 'q', 'R', 'u', 'u12', 'e', 'o', 'formation'] as const
export type Metric = (typeof METRICS)[number]

/** A point of the grid, of one model or of all together. */
export interface GridCell {
  /** Null for all. */
  readonly model: string | null
  readonly regeneration: (typeof REGENERATIONS)[number]
  readonly contract: (typeof CONTRACTS)[number]
  /** How many of five are prosocial. */
  readonly count: number
  readonly runs: readonly ScoredRun[]
}

/** The cells of a model, or those of all together, in the order of the grid. */
export function cellsOf(runs: readonly ScoredRun[], model: string | null): readonly GridCell[] {
  const own = model === null ? runs : runs.filter(({ plan }) => plan.cell[AXES.model] === model)
  return REGENERATIONS.flatMap((regeneration) =>
    CONTRACTS.flatMap((contract) =>
      COUNTS.map((count): GridCell => {
        const isHere = ({ plan: { cell } }: ScoredRun): boolean =>
          cell[AXES.regeneration] === regeneration &&
          cell[AXES.contract] === contract &&
          cell[AXES.count] === `p${count}`
        return { model, regeneration, contract, count, runs: own.filter(isHere) }
      }),
    ),
  )
}

/** The cell of a setting; undefined where there is none. */
export function findCell(
  cells: readonly GridCell[],
  { regeneration, contract, count }: Pick<GridCell, 'regeneration' | 'contract' | 'count'>,
): GridCell | undefined {
  return cells.find(
    (cell) =>
      cell.regeneration === regeneration && cell.contract === contract && cell.count === count,
  )
}

/** The mean of a metric over the runs that have it, with its interval; null where none has. */
export function intervalOf(cell: GridCell, metric: Metric): Interval | null {
  const values = cell.runs.flatMap(({ run }) => valueOf(run, metric) ?? [])
  const { model, regeneration, contract, count } = cell
  const seed = [model ?? '', regeneration, contract, `p${count}`, metric].join('/')
  return values.length === 0 ? null : bootstrapMean(values, seed)
}

/** What a cell asked of models, failed runs included. */
export interface CellSpending {
  readonly failedRuns: number
  readonly calls: number
  readonly promptTokens: number
  readonly completionTokens: number
  /** Dollars. */
  readonly cost: number
  readonly invalidReplies: number
  readonly failedTurns: number
  readonly contracts: number
}

export function spendingOf(runs: readonly ScoredRun[]): CellSpending {
  const sum = (pick: (scored: ScoredRun) => number): number =>
    runs.reduce((total, scored) => total + pick(scored), 0)
  return {
    failedRuns: sum(({ run }) => (run.status === 'failed' ? 1 : 0)),
    calls: sum(({ run }) => run.asked?.calls ?? 0),
    promptTokens: sum(({ run }) => run.asked?.promptTokens ?? 0),
    completionTokens: sum(({ run }) => run.asked?.completionTokens ?? 0),
    cost: sum(({ run }) => Number(run.asked?.costMicroUsd ?? 0)) / 1_000_000,
    invalidReplies: sum(({ run }) => run.asked?.invalidReplies ?? 0),
    failedTurns: sum(({ run }) =>
      Object.values(run.asked?.failedTurns ?? {}).reduce((total, count) => total + count, 0),
    ),
    contracts: sum(({ run }) => valueOf(run, 'contracts') ?? 0),
  }
}
