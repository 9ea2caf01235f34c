import { canonicalJson } from '../experiment/canonical-json.ts'
import type { CellValues } from '../experiment/experiment.ts'
import { bootstrapMean, type Interval } from '../statistics/bootstrap.ts'
import { correctByHolm } from '../statistics/holm.ts'
import { type Pair, testPairs } from '../statistics/permutation.ts'
import { metricNamesOf, type ScoredRun, valueOf } from './tables.ts'

/** What two folders say about the same cells and seeds. */
export interface Comparison {
  /** Pairs of done runs with the same cell and seed. */
  readonly pairCount: number
  /** Of these, how many have the same outcome. */
  readonly sameCount: number
  /** The first pairs that have not. */
  readonly unlike: readonly { readonly cell: CellValues; readonly seed: string }[]
  /** Runs that only one folder has, or that failed in one. */
  readonly unpairedCount: number
  /** By cell and metric; p by a paired permutation test, `pHolm` corrected for all tests of the comparison. */
  readonly tests: readonly ComparedMetric[]
}

export interface ComparedMetric {
  readonly cell: CellValues
  readonly metric: string
  readonly pairCount: number
  readonly meanA: number
  readonly meanB: number
  /** B − A. */
  readonly difference: Interval
  readonly p: number
  readonly pHolm: number
}

const UNLIKE_SHOWN = 10

/** @param metric the one to test; null for all that both have. */
export function compareRuns(
  a: readonly ScoredRun[],
  b: readonly ScoredRun[],
  metric: string | null,
): Comparison {
  const others = new Map(b.map((scored) => [keyOf(scored), scored]))
  const pairs = a.flatMap((scored): RunPair[] => {
    const other = others.get(keyOf(scored))
    const isDone = scored.run.status === 'done' && other?.run.status === 'done'
    return isDone && other !== undefined ? [[scored, other]] : []
  })
  const unlike = pairs.filter(([one, two]) => outcomeOf(one) !== outcomeOf(two))
  const metrics = metric === null ? metricNamesOf(pairs.map(([one]) => one)) : [metric]
  const tests = cellsOfPairs(pairs).flatMap((cell) =>
    metrics.flatMap((name) => testMetric(cell, name)),
  )
  const corrected = correctByHolm(tests.map(({ p }) => p))
  return {
    pairCount: pairs.length,
    sameCount: pairs.length - unlike.length,
    unlike: unlike
      .slice(0, UNLIKE_SHOWN)
      .map(([{ plan }]) => ({ cell: plan.cell, seed: plan.seed })),
    unpairedCount: a.length + b.length - 2 * pairs.length,
    tests: tests.map((test, index) => ({ ...test, pHolm: corrected[index] ?? 1 })),
  }
}

type RunPair = readonly [a: ScoredRun, b: ScoredRun]

function testMetric(
  pairs: readonly RunPair[],
  metric: string,
): readonly Omit<ComparedMetric, 'pHolm'>[] {
  const [first] = pairs
  const values = pairs.flatMap(([one, two]): Pair[] => {
    const [a, b] = [valueOf(one.run, metric), valueOf(two.run, metric)]
    return a === null || b === null ? [] : [{ a, b }]
  })
  if (first === undefined || values.length === 0) return []
  const { cell } = first[0].plan
  const seed = `${canonicalJson(cell)}/${metric}`
  const meanOf = (pick: (pair: Pair) => number): number =>
    values.reduce((sum, pair) => sum + pick(pair), 0) / values.length
  return [
    {
      cell,
      metric,
      pairCount: values.length,
      meanA: meanOf(({ a }) => a),
      meanB: meanOf(({ b }) => b),
      difference: bootstrapMean(
        values.map(({ a, b }) => b - a),
        seed,
      ),
      p: testPairs(values, seed),
    },
  ]
}

function cellsOfPairs(pairs: readonly RunPair[]): readonly (readonly RunPair[])[] {
  const cells = Map.groupBy(pairs, ([{ plan }]) => canonicalJson(plan.cell))
  return [...cells.values()]
}

function outcomeOf({ run }: ScoredRun): string {
  return run.status === 'done' ? run.outcomeDigest : ''
}

function keyOf({ plan: { cell, seed } }: ScoredRun): string {
  return `${canonicalJson(cell)}/${seed}`
}
