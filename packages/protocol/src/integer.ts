export function minBigint(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

/** For sorting: the smaller first. */
export function compareBigint(a: bigint, b: bigint): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

export function sumBigint(values: Iterable<bigint>): bigint {
  let sum = 0n
  for (const value of values) sum += value
  return sum
}
