import { parseCsv } from '../forecast/csv.ts'
import { drawBars } from './plot/bar-plot.ts'
import { drawHeat } from './plot/heat-plot.ts'
import { drawLines, type LinePoint } from './plot/line-plot.ts'
import type { Figure, Report } from './report.ts'
import type { Table } from './table.ts'

/** What the folder of an experiment holds, as texts of CSV. */
export interface ExperimentTables {
  readonly name: string
  /** A row per cell and metric: what was swept, `metric`, `runs`, `failed`, `values`, `mean`, `lo`, `hi`. */
  readonly aggregate: string
  /** A row per run; its number is told. */
  readonly metrics: string
}

/** Columns that follow those of the sweep. */
const FIELDS = ['metric', 'runs', 'failed', 'values', 'mean', 'lo', 'hi'] as const
/** Most plots of a report: a metric each. */
const FIGURE_COUNT_MAX = 48

interface AggregateRow {
  /** By path, as the file says it. */
  readonly cell: readonly string[]
  readonly metric: string
  readonly runs: number
  readonly failed: number
  /** Null where no run has a value. */
  readonly mean: number | null
  readonly lo: number | null
  readonly hi: number | null
}

/**
 * A report of any experiment from its tables: a plot of each metric over what was swept, with intervals, and all numbers.
 *
 * Throws RangeError where the text is not such a table.
 */
export function createExperimentReport({ name, aggregate, metrics }: ExperimentTables): Report {
  const { paths, rows } = readAggregate(aggregate)
  const runCount = parseCsv(metrics).records.length - 1
  const failedCount = sumByCell(rows)
  const names = [...new Set(rows.map(({ metric }) => metric))]
  const shown = names.slice(0, FIGURE_COUNT_MAX)
  return {
    title: `Experiment ${name}`,
    summary: [
      `${runCount} runs${paths.length === 0 ? '' : ` over ${paths.join(', ')}`}; ${failedCount === 0 ? 'none failed' : `${failedCount} failed, and are in no mean`}.`,
      'Means over runs with 95 % percentile bootstrap intervals over whole runs. Every plot has its numbers in a table below it; all tables are CSV files beside this page.',
    ],
    sections: [
      {
        id: 'metrics',
        title: 'Metrics',
        text: [],
        figures: shown.map((metric) => metricFigure(metric, paths, rows)),
        tables: [],
      },
      {
        id: 'all-numbers',
        title: 'All numbers',
        text: [],
        figures: [],
        tables: [allNumbers(paths, rows)],
      },
    ],
    colophon: 'Made by “commonweal bench report” from metrics.csv and aggregate.csv.',
  }
}

function readAggregate(text: string): {
  readonly paths: readonly string[]
  readonly rows: readonly AggregateRow[]
} {
  const [header, ...records] = parseCsv(text).records.map(({ fields }) => fields)
  const start = header?.indexOf('metric') ?? -1
  if (header === undefined || start < 0 || header.slice(start).join() !== FIELDS.join()) {
    throw new RangeError(`aggregate.csv ends its header with ${FIELDS.join()}`)
  }
  const rows = records.map((fields): AggregateRow => {
    const [metric = '', runs, failed, , mean, lo, hi] = fields.slice(start)
    return {
      cell: fields.slice(0, start),
      metric,
      runs: Number(runs),
      failed: Number(failed),
      mean: toNumber(mean),
      lo: toNumber(lo),
      hi: toNumber(hi),
    }
  })
  return { paths: header.slice(0, start), rows }
}

function toNumber(text: string | undefined): number | null {
  return text === undefined || text === '' ? null : Number(text)
}

function sumByCell(rows: readonly AggregateRow[]): number {
  const cells = new Map(rows.map(({ cell, failed }) => [cell.join('\n'), failed]))
  return [...cells.values()].reduce((sum, failed) => sum + failed, 0)
}

/**
 * Lines along the swept path with most numbers, a line for each value of the others. Where nothing numeric is swept: bars for one
 * path, and for several a field of numbers, a line for each value of the first.
 */
function metricFigure(
  metric: string,
  paths: readonly string[],
  rows: readonly AggregateRow[],
): Figure {
  const own = rows.filter((row) => row.metric === metric)
  const axis = numericAxis(paths, own)
  const caption = `Mean over runs of ${metric}${axis === undefined ? '' : `, along ${paths[axis]}`}, with 95 % bootstrap intervals over runs.`
  const id = idOf(metric)
  const table = { ...allNumbers(paths, own), id: `${id}-numbers`, title: metric }
  return { id, title: metric, caption, svg: drawMetric(metric, paths, own, axis), table }
}

function drawMetric(
  metric: string,
  paths: readonly string[],
  rows: readonly AggregateRow[],
  axis: number | undefined,
): string {
  if (axis !== undefined) {
    return drawLines({ name: metric, x: paths[axis] ?? '', y: metric, series: linesOf(rows, axis) })
  }
  if (paths.length > 1) return drawField(metric, rows)
  const categories = rows.map(({ cell }) => cell.join(', ') || 'all runs')
  const series = [{ name: metric, values: rows.map(({ mean }) => mean) }]
  return drawBars({ name: metric, y: metric, digits: 3, categories, series })
}

function drawField(name: string, rows: readonly AggregateRow[]): string {
  const restOf = ({ cell }: AggregateRow): string => cell.slice(1).join(', ')
  const firsts = [...new Set(rows.map(({ cell }) => cell[0] ?? ''))]
  const columns = [...new Set(rows.map(restOf))]
  const means = new Map(rows.map((row) => [`${row.cell[0]}\n${restOf(row)}`, row.mean]))
  const values = firsts.map((first) =>
    columns.map((column) => means.get(`${first}\n${column}`) ?? null),
  )
  return drawHeat({ name, rows: firsts, columns, values, digits: 2 })
}

function numericAxis(paths: readonly string[], rows: readonly AggregateRow[]): number | undefined {
  const counts = paths.map((_, index) => {
    const values = new Set(rows.map(({ cell }) => cell[index] ?? ''))
    const isNumeric = [...values].every((value) => value !== '' && Number.isFinite(Number(value)))
    return isNumeric ? values.size : 0
  })
  const most = Math.max(0, ...counts)
  return most < 2 ? undefined : counts.indexOf(most)
}

function linesOf(rows: readonly AggregateRow[], axis: number) {
  const groups = Map.groupBy(rows, ({ cell }) =>
    cell.filter((_, index) => index !== axis).join(', '),
  )
  return [...groups].map(([name, ofLine]) => ({
    name: name === '' ? 'all' : name,
    points: ofLine
      .flatMap(({ cell, mean, lo, hi }): LinePoint[] => {
        if (mean === null) return []
        const ends = lo === null || hi === null ? {} : { lo, hi }
        return [{ x: Number(cell[axis]), y: mean, ...ends }]
      })
      .toSorted((a, b) => a.x - b.x),
  }))
}

function allNumbers(paths: readonly string[], rows: readonly AggregateRow[]): Table {
  return {
    id: 'aggregate',
    title: 'All cells and metrics',
    caption: 'A row per cell and metric; failed runs are counted and in no mean.',
    columns: [
      ...paths.map((title) => ({ title })),
      { title: 'metric' },
      { title: 'runs' },
      { title: 'failed' },
      ...['mean', 'lo', 'hi'].map((title) => ({ title, digits: 4 })),
    ],
    rows: rows.map(({ cell, metric, runs, failed, mean, lo, hi }) => [
      ...cell,
      metric,
      runs,
      failed,
      mean,
      lo,
      hi,
    ]),
  }
}

function idOf(metric: string): string {
  return `metric-${metric.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${[...metric].reduce((code, letter) => (code * 31 + letter.charCodeAt(0)) % 9973, 7)}`
}
