import { type ScoredRun, valueOf } from '../../runner/tables.ts'
import { correctByHolm } from '../../statistics/holm.ts'
import { type Pair, testPairs } from '../../statistics/permutation.ts'
import { SEAT_COUNT } from '../play-commons.ts'
import { AXES } from './grid.ts'
import { CONTRACTS, findCell, type GridCell, type Metric, REGENERATIONS } from './grid-cell.ts'

/** Whether one setting differs from another, over all models and seeds. */
export interface GridTest {
  readonly what: string
  readonly metric: Metric
  readonly pairCount: number
  readonly meanA: number
  readonly meanB: number
  readonly p: number
  /** Corrected for all tests of the grid. */
  readonly pHolm: number
}

interface Comparison {
  readonly what: string
  readonly metric: Metric
  readonly a: Setting
  readonly b: Setting
}

type Setting = Pick<GridCell, 'regeneration' | 'contract' | 'count'>

/** Five prosocial agents against none under each contract; and each contract against none, where nobody and where all care. */
function comparisons(): readonly Comparison[] {
  return REGENERATIONS.flatMap((regeneration) => [
    ...CONTRACTS.flatMap((contract) =>
      (['m', 'R'] as const).map((metric) => ({
        what: `${regeneration}, ${contract}: p${SEAT_COUNT} against p0`,
        metric,
        a: { regeneration, contract, count: 0 },
        b: { regeneration, contract, count: SEAT_COUNT },
      })),
    ),
    ...(['text', 'law'] as const).flatMap((contract) =>
      [0, SEAT_COUNT].map((count) => ({
        what: `${regeneration}, p${count}: ${contract} against none`,
        metric: 'R' as const,
        a: { regeneration, contract: 'none' as const, count },
        b: { regeneration, contract, count },
      })),
    ),
  ])
}

/** Paired by model and seed; a run that failed leaves its pair out. */
export function testGrid(cells: readonly GridCell[]): readonly GridTest[] {
  const tests = comparisons().flatMap(({ what, metric, a, b }) => {
    const pairs = pairsOf(findCell(cells, a), findCell(cells, b), metric)
    if (pairs.length === 0) return []
    const meanOf = (pick: (pair: Pair) => number): number =>
      pairs.reduce((sum, pair) => sum + pick(pair), 0) / pairs.length
    const p = testPairs(pairs, `${what}/${metric}`)
    const means = { meanA: meanOf(({ a: one }) => one), meanB: meanOf(({ b: other }) => other) }
    return [{ what, metric, pairCount: pairs.length, ...means, p }]
  })
  const corrected = correctByHolm(tests.map(({ p }) => p))
  return tests.map((test, index) => ({ ...test, pHolm: corrected[index] ?? 1 }))
}

function pairsOf(
  a: GridCell | undefined,
  b: GridCell | undefined,
  metric: Metric,
): readonly Pair[] {
  const keyOf = ({ plan: { cell, seed } }: ScoredRun): string =>
    JSON.stringify([cell[AXES.model], seed])
  const others = new Map(b?.runs.map((scored) => [keyOf(scored), scored]))
  return (a?.runs ?? []).flatMap((scored): Pair[] => {
    const other = others.get(keyOf(scored))
    if (other === undefined) return []
    const [one, two] = [valueOf(scored.run, metric), valueOf(other.run, metric)]
    return one === null || two === null ? [] : [{ a: one, b: two }]
  })
}
