export function minBigint(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

export function sumBigint(values: Iterable<bigint>): bigint {
  let sum = 0n
  for (const value of values) sum += value
  return sum
}
