import type { AgentId } from '@commonweal/protocol'

/** A number for each pair of suppliers, and for each with itself. */
export type PairSums = ReadonlyMap<string, number>

/** The lower id, then the higher. */
export function pairOf(one: AgentId, other: AgentId): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}

/** The symmetric matrix of some suppliers; 0 for a pair of which nothing is known. */
export function matrixOf(sums: PairSums, suppliers: readonly AgentId[]): readonly Float64Array[] {
  return suppliers.map((one) =>
    Float64Array.from(suppliers, (other) => sums.get(pairOf(one, other)) ?? 0),
  )
}
