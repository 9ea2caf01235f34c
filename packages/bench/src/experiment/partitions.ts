import type { Partition } from '../simulator/plan/plan.ts'
import type { NetworkConditions } from './experiment.ts'

/** Nodes that are cut off by the same partitions at an instant hear one another. */
export function partitionsOf(
  { partitions }: Pick<NetworkConditions, 'partitions'>,
  count: number,
): readonly Partition[] {
  const instants = [...new Set(partitions.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))]
  return instants
    .toSorted((a, b) => a - b)
    .map((atMs) => {
      const cut = partitions.filter(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)
      const sides = Array.from({ length: count }, (_, node) =>
        cut.map(({ nodes }) => nodes.includes(node)).join(),
      )
      const names = [...new Set(sides)]
      return { atMs, groups: sides.map((side) => names.indexOf(side)) }
    })
}
