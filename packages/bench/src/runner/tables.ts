import { canonicalJson, type JsonValue } from '../experiment/canonical-json.ts'
import type { CellValues } from '../experiment/experiment.ts'
import type { RunPlan } from '../experiment/run-plan.ts'
import { formatCsv } from '../forecast/csv.ts'
import { type Summary, summarise } from '../statistics/summary.ts'
import type { StoredRun } from './stored-run.ts'

/** A run and what came of it, without its events. */
export interface ScoredRun {
  readonly plan: RunPlan
  readonly run: StoredRun
}

/** A row per run, in the order of the experiment. A failed run has no metrics. */
export function metricsCsv(runs: readonly ScoredRun[]): string {
  const paths = [...new Set(runs.flatMap(({ plan }) => Object.keys(plan.cell)))]
  const names = metricNamesOf(runs)
  const header = ['run', ...paths, 'seed', 'status', 'outcome', ...names]
  const rows = runs.map(({ plan, run }) => [
    run.id,
    ...cellFields(plan.cell, paths),
    plan.seed,
    run.status,
    run.status === 'done' ? run.outcomeDigest : '',
    ...names.map((name) => formatNumber(valueOf(run, name))),
  ])
  return formatCsv([header, ...rows])
}

/**
 * What the runs say, by cell: means over the runs that have a value, with 95 % bootstrap intervals. Failed runs are counted,
 * and are in no mean.
 */
export function summariseCells(runs: readonly ScoredRun[]): readonly CellSummary[] {
  const cells = Map.groupBy(runs, ({ plan }) => canonicalJson(plan.cell))
  return [...cells].map(([key, ofCell]) => {
    const metrics = metricNamesOf(ofCell).map((name): [string, Summary] => {
      const values = ofCell.map(({ run }) => valueOf(run, name))
      return [name, summarise(values, `${key}/${name}`)]
    })
    return {
      cell: ofCell[0]?.plan.cell ?? {},
      runCount: ofCell.length,
      failedCount: ofCell.filter(({ run }) => run.status === 'failed').length,
      metrics: Object.fromEntries(metrics),
    }
  })
}

/** What the runs of one cell say. */
export interface CellSummary {
  readonly cell: CellValues
  readonly runCount: number
  readonly failedCount: number
  readonly metrics: Readonly<Record<string, Summary>>
}

/** A row per cell and metric. */
export function aggregateCsv(cells: readonly CellSummary[]): string {
  const paths = [...new Set(cells.flatMap(({ cell }) => Object.keys(cell)))]
  const header = [...paths, 'metric', 'runs', 'failed', 'values', 'mean', 'lo', 'hi']
  const rows = cells.flatMap(({ cell, runCount, failedCount, metrics }) =>
    Object.entries(metrics).map(([name, { valueCount, interval }]) => [
      ...cellFields(cell, paths),
      name,
      String(runCount),
      String(failedCount),
      String(valueCount),
      formatNumber(interval?.mean ?? null),
      formatNumber(interval?.lo ?? null),
      formatNumber(interval?.hi ?? null),
    ]),
  )
  return formatCsv([header, ...rows])
}

/** In the order in which they first occur. */
export function metricNamesOf(runs: readonly ScoredRun[]): readonly string[] {
  const names = runs.flatMap(({ run }) => (run.status === 'done' ? Object.keys(run.metrics) : []))
  return [...new Set(names)]
}

/** Null where the run failed or the metric has no value. */
export function valueOf(run: StoredRun, name: string): number | null {
  return run.status === 'done' ? (run.metrics[name] ?? null) : null
}

function cellFields(cell: CellValues, paths: readonly string[]): readonly string[] {
  return paths.map((path) => formatCellValue(cell[path] ?? null))
}

/** What a sweep has set, in a word. */
export function formatCellValue(value: JsonValue): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}

function formatNumber(value: number | null): string {
  return value === null ? '' : String(value)
}
